"""Long texts that no link can carry: kept per browser for a while, so that a reload finds them again.

Nobody else gets them: who opens such a link in another browser is asked for the text.
"""

import sys

from pages._ui.session import streamlit_internals
from pages._ui.session.state import AppState
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.tasks import corpora, pairs
from rnnviz.tasks.autocomplete import Autocomplete
from rnnviz.tasks.pairs import Pairs
from rnnviz.tasks.text import Text

_kept: Cache[tuple[str, str], str] = Cache("texts", limits.TEXT_BYTES_KEPT, sys.getsizeof)  # (browser, hash) → text


def cleaned(task_name: str, text: str) -> str:
    """A visitor's text as the task keeps it; whether a row of pairs can be used depends on the unit, too.

    Raises:
        ExperimentError: it is nothing that this task can learn.
    """
    return pairs.cleaned(text) if text and task_name == Pairs.name else corpora.cleaned(text)


def keep(state: AppState) -> None:
    """Keep the text of the session's experiment for this browser, if a link cannot carry it."""
    task = state.experiment.task
    if isinstance(task, (Text, Pairs, Autocomplete)) and len(task.text) > limits.LONGEST_TEXT_IN_LINK:
        keep_for(state, task.digest, task.text)


def keep_for(state: AppState, digest: str, text: str) -> None:
    """Keep one text for this browser; those that were not used for longest make room."""
    _kept.put((_browser(state), digest), text)


def at_hand(state: AppState) -> dict[str, str]:
    """Hash → text, of this browser."""
    browser = _browser(state)
    own = [key for key in _kept if key[0] == browser]
    return {key[1]: text for key in own if (text := _kept.find(key)) is not None}


def _browser(state: AppState) -> str:
    """A name for the visitor's browser that outlives a reload; without cookies, one for the session."""
    return streamlit_internals.browser_token() or state.visitor
