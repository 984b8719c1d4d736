"""Long texts that no link can carry: kept per browser for a while, so that a reload finds them again.

Nobody else gets them: who opens such a link in another browser is asked for the text.
"""

import contextlib
import sys

from pages._ui.session import streamlit_internals
from pages._ui.session.state import AppState
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.core.contents import Exact
from rnnviz.core.errors import ExperimentError
from rnnviz.tables.paired import NOTHING, Chosen
from rnnviz.tasks import corpora
from rnnviz.tasks.autocomplete import Autocomplete
from rnnviz.tasks.pairs import Pairs, csv_table
from rnnviz.tasks.pairs.csv_table import Learned
from rnnviz.tasks.text import Text

# How the table of a link may have been read: as one is now, with the row of names, by its first two columns, with HTML.
_WAYS = (
    NOTHING,
    Chosen(header=False),
    Chosen("column 1", "column 2", header=False),
    Chosen("column 1", "column 2", header=False, html=False),
    Chosen(html=False),
)
_kept: Cache[tuple[str, str], str] = Cache("texts", limits.TEXT_BYTES_KEPT, sys.getsizeof)  # (browser, hash) → text


def taken(task_name: str, text: str, chosen: Chosen = NOTHING) -> Learned:
    """What a visitor brings as the task keeps it; whether a row of pairs can be used depends on the unit, too.

    Raises:
        ExperimentError: it is nothing that this task can learn.
    """
    if task_name == Pairs.name:
        return csv_table.brought(text, chosen)
    return Learned(Exact(corpora.cleaned(text)), None)


def wanted(task_name: str, text: str, digest: str) -> str:
    """The text that a link names by its hash, if it is `text` in any way in which it can be read.

    Raises:
        ExperimentError: it is nothing that this task can learn.
    """
    if task_name != Pairs.name:
        return corpora.cleaned(text)
    found = csv_table.cleaned(text)
    for read in _WAYS:
        if corpora.digest(found) == digest:
            return found
        with contextlib.suppress(ExperimentError):
            found = csv_table.brought(text, read).text
    return found if corpora.digest(found) == digest else csv_table.brought(text).text


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
