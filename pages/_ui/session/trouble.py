"""What a visitor reads when something goes wrong: one sentence, or an apology with a number."""

import contextlib
import logging
import secrets
from collections.abc import Iterator

import streamlit as st

from pages._ui.session import streamlit_internals
from pages._ui.widgets.marks import escaped
from rnnviz.core.errors import CheckpointError, ExperimentError, RunFileError
from rnnviz.engine import EngineError

MOST_TOLD = 3  # wrong values at once
EXPECTED = (CheckpointError, ExperimentError, RunFileError, EngineError)

log = logging.getLogger("rnnviz.pages")


def explain(error: Exception) -> bool:
    """Show an error in words. Returns True: Streamlit need not show it again."""
    if isinstance(error, EXPECTED):
        st.error(escaped(str(error)))
        return True
    number = secrets.token_hex(4)
    log.error("Error %s", number, exc_info=error)
    st.error(
        f"Sorry, something went wrong that should not have. It stands in the server's log under number {number}. "
        "Reloading the page may help; your experiment is in its address."
    )
    return True


def wrong_values() -> None:
    """What the browser said of controls that those do not take, in a sentence each."""
    with streamlit_internals.refused() as sentences:
        for sentence in sentences[:MOST_TOLD]:
            st.warning(escaped(sentence))


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """What goes wrong inside is explained on the spot, so that the rest of the page stays."""
    try:
        yield
    except Exception as error:  # reruns and stops are no `Exception`
        explain(error)
