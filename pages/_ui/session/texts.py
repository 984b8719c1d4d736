"""Long texts that no link can carry: kept per browser for a while, so that a reload finds them again.

Nobody else gets them: who opens such a link in another browser is asked for the text.
"""

import collections
import threading

from pages._ui.session import streamlit_internals
from pages._ui.session.state import AppState
from rnnviz.core import limits
from rnnviz.tasks import corpora, pairs
from rnnviz.tasks.pairs import Pairs
from rnnviz.tasks.text import Text

MOST_KEPT = 16 * limits.LONGEST_TEXT  # characters, of all browsers together

_lock = threading.Lock()
_kept: collections.OrderedDict[tuple[str, str], str] = collections.OrderedDict()  # (browser, hash) → text


def cleaned(task_name: str, text: str) -> str:
    """A visitor's text as the task keeps it; whether a row of pairs can be used depends on the unit, too.

    Raises:
        ExperimentError: it is nothing that this task can learn.
    """
    return pairs.cleaned(text) if text and task_name == Pairs.name else corpora.cleaned(text)


def keep(state: AppState) -> None:
    """Keep the text of the session's experiment for this browser, if a link cannot carry it."""
    task = state.experiment.task
    if isinstance(task, (Text, Pairs)) and len(task.text) > limits.LONGEST_TEXT_IN_LINK:
        keep_for(state, task.digest, task.text)


def keep_for(state: AppState, digest: str, text: str) -> None:
    """Keep one text for this browser; those that were kept longest ago make room."""
    browser = _browser(state)
    with _lock:
        _kept[browser, digest] = text
        _kept.move_to_end((browser, digest))
        while sum(map(len, _kept.values())) > MOST_KEPT:
            _kept.popitem(last=False)


def at_hand(state: AppState) -> dict[str, str]:
    """Hash → text, of this browser."""
    browser = _browser(state)
    with _lock:
        return {digest: text for (owner, digest), text in _kept.items() if owner == browser}


def _browser(state: AppState) -> str:
    """A name for the visitor's browser that outlives a reload; without cookies, one for the session."""
    return streamlit_internals.browser_token() or state.visitor
