"""Asks for the token that protects the library against changes."""

import hmac
import os

import streamlit as st

from tubeseek.ui import texts
from tubeseek.ui.session import Session

TOKEN_VARIABLE = "TUBESEEK_TOKEN"  # noqa: S105  a name, not a secret
STATE = "knows_token"


def may_change(session: Session) -> bool:
    """Return whether this visitor may change the library; ask for the token where one is set."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token or st.session_state.get(STATE):
        return True
    with st.expander(session.say(texts.library.LOCKED), icon=":material/lock:"):
        guess = st.text_input(
            session.say(texts.library.TOKEN_BOX), type="password", key="token_box"
        )
        if guess and hmac.compare_digest(guess.encode(), token.encode()):
            st.session_state[STATE] = True
            st.rerun()
        if guess:
            st.warning(session.say(texts.library.TOKEN_WRONG))
    return False
