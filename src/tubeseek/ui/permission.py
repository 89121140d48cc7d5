"""Who may change the library: everyone, or, where a token is set, those who know it."""

import hmac
import os

import streamlit as st

from tubeseek.ui import texts
from tubeseek.ui.session import Session

TOKEN_VARIABLE = "TUBESEEK_TOKEN"  # noqa: S105  a name, not a secret
STATE = "knows_token"


def may_change(session: Session) -> bool:
    """Whether this visitor may; asks for the token where one is needed."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token or st.session_state.get(STATE):
        return True
    with st.expander(session.say(texts.LOCKED), icon=":material/lock:"):
        told = st.text_input(session.say(texts.TOKEN_BOX), type="password", key="token_box")
        if told and hmac.compare_digest(told.encode(), token.encode()):
            st.session_state[STATE] = True
            st.rerun()
        if told:
            st.warning(session.say(texts.TOKEN_WRONG))
    return False
