"""Decides who may change the library, and asks for the token that protects it."""

import streamlit as st

from tubeseek.ui import texts
from tubeseek.ui.session import Session

STATE = "knows_token"


def may_change(session: Session) -> bool:
    """Return whether this visitor may change the library; ask for the token where one is set.

    Without a token, only visitors on the machine of the server may: through a proxy or from
    elsewhere anybody could come.
    """
    library = session.library
    if not library.needs_token:
        if library.is_local(st.context.headers.to_dict()):
            return True
        st.info(session.say(texts.library.READ_ONLY), icon=":material/lock:")
        return False
    if st.session_state.get(STATE):
        return True
    with st.expander(session.say(texts.library.LOCKED), icon=":material/lock:"):
        guess = st.text_input(
            session.say(texts.library.TOKEN_BOX), type="password", key="token_box"
        )
        if guess and library.is_token(guess):
            st.session_state[STATE] = True
            st.rerun()
        if guess:
            st.warning(session.say(texts.library.TOKEN_WRONG))
    return False
