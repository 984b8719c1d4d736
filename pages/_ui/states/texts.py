"""A whole text coloured by one unit, and units that follow a pattern in it."""

import dataclasses

import numpy as np
import streamlit as st

from pages._ui.run.shown import Shown
from pages._ui.session.asking import PATIENCE, Answer, Asked, Waiting, answer, answered, asked
from pages._ui.session.server import engine
from pages._ui.states import painted
from pages._ui.widgets import tables
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, select, stored
from rnnviz.analysis.patterns import PATTERNS, Follower, followers, most_alike, passages
from rnnviz.cells.block import State
from rnnviz.charts.theme import style_of
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import counted, listed, number, percent
from rnnviz.engine import questions
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task, corpora
from rnnviz.tasks.corpora import Running

_USUAL = 2_000  # characters that are read at first
_AROUND = 24  # characters before and behind a place that is like another
_PASSAGE = "passage"
_NAMED = 3  # units above the text
_WEAK = 0.3  # a correlation nearer to 0 is not clear,
_TELLS = 0.8  # unless one threshold is so often right, as where the pattern is rare
_HEAD = ("unit", "correlation r", "tells it")


@dataclasses.dataclass(frozen=True)
class _Read:
    """One model on one text: state → (character, unit) of its top layer, and how likely each next character was."""

    label: str
    spec: ModelSpec
    found: Answer

    def states(self, name: str) -> np.ndarray:
        whole = self.found[name]
        return whole[:, -self.spec.hidden :]


def fits(task: Task) -> bool:
    """Whether a task learns a running text."""
    return isinstance(task, Running)


def show(shown: Shown) -> None:
    """The section."""
    task = shown.run.experiment.task
    if not isinstance(task, Running):
        return
    st.markdown("### A whole text, coloured by one unit")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        text = _text(task)
        label = str(select("Model", "text.model", list(shown.run.experiment.labels), shown.run.experiment.title, 240))
    spec = shown.run.experiment.model(label)
    if not text or not _readable(shown, label, spec):
        return
    read = _Read(label, spec, _ask(shown, label, text))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        state = _state(spec)
        wanted, either, what = _pattern(text)
        values = read.states(state.name)
        best = [] if wanted is None else followers(values, wanted, either)
        unit = _unit(spec, best)
    _best(label, best, what, either, wanted)
    seen = values[:, unit].astype(np.float32)
    st.html(painted.scale(seen))
    st.caption(painted.legend(state.title, unit + 1, what if wanted is not None and either else ""))
    st.html(painted.text(text, seen, wanted if either else None))
    _followers(best, what, either)
    if wanted is not None and what == _PASSAGE:
        _alike(text, values, wanted)


def _readable(shown: Shown, label: str, spec: ModelSpec) -> bool:
    """Whether a model can be asked; it is said why not."""
    if spec.bidirectional:
        st.caption("A model that reads from both ends has no state after each character of a text that goes on.")
    elif label not in shown.at.steps:
        st.caption("Not measured yet.")
    else:
        return True
    return False


def _state(spec: ModelSpec) -> State:
    """Which of its states colours the text, where it has more than one."""
    states = {state.name: state for state in spec.kind.states}
    if len(states) == 1:
        return spec.kind.states[0]
    return states[str(select("State", "text.state", list(states), lambda name: states[name].title, 200))]


def _text(task: Running) -> str:
    """The stretch that is read: of the learned text, or one that is typed."""
    whole, held_out = task.running
    ways = {"new": "held out, never trained on", "begin": "the beginning of the learned text", "own": "your own"}
    offered = [way for way in ways if way != "new" or held_out < len(whole)]
    way = select("Text", "text.way", offered, ways.__getitem__, 300)
    if way == "own":
        typed = st.text_area(
            "Your text", key="text.typed", max_chars=limits.LONGEST_READ_THROUGH, placeholder="Paste a text here."
        )
        text = corpora.plain(typed or "")
        try:
            task.read(text) if text else None
        except ExperimentError as error:
            st.warning(escaped(str(error)))
            return ""
        if not text:
            st.caption("Paste a text, and each of its characters takes the colour of the unit after reading it.")
        return text
    stretch = whole[held_out:] if way == "new" else whole
    return stretch[:_USUAL]


def _pattern(text: str) -> tuple[np.ndarray | None, bool, str]:
    """What units are to follow: (character,), whether it is there or not, and what it is in words."""
    names = {"": "no pattern", **{name: one.title for name, one in PATTERNS.items()}, _PASSAGE: "a passage of yours"}
    name = str(select("Find units that follow", "text.pattern", list(names), names.__getitem__, 300))
    if not name:
        return None, False, ""
    if name == _PASSAGE:
        passage = st.text_input("Passage: units that are on exactly there", key="text.passage")
        if not passage:
            st.caption("Type or paste some characters of the text.")
            return None, True, _PASSAGE
        try:
            return passages(text, passage), True, _PASSAGE
        except ExperimentError as error:
            st.warning(escaped(str(error)))
            return None, True, _PASSAGE
    pattern = PATTERNS[name]
    return pattern.find(text), pattern.either, pattern.title


def _unit(spec: ModelSpec, best: list[Follower]) -> int:
    """The unit that colours the text: the best follower until another is chosen."""
    key, kept = "text.unit", "text.followed"
    follows = best[0].unit + 1 if best else None
    if follows is not None and stored(kept) != follows:
        put(key, follows)
    put(kept, follows)
    put(key, min(stored(key, 1), spec.hidden))
    return int(st.slider("Unit", 1, spec.hidden, key=key, width=420)) - 1 if spec.hidden > 1 else 0


def _best(label: str, best: list[Follower], what: str, either: bool, wanted: np.ndarray | None) -> None:
    """Above the text, in a line: which units follow the pattern best, or that none does clearly."""
    if wanted is None:
        return
    if not best:
        st.caption("This pattern is the same everywhere in the text, so that no unit can follow it.")
        return
    name, chance = style_of(label).name, f" ({percent(100 * float(wanted.mean()))} of the characters)" if either else ""
    if _unclear(best):
        most = number(max(abs(one.r) for one in best))
        st.markdown(f"**{escaped(what)}**{chance}: no unit of the {name} follows it clearly, |r| is {most} at most.")
        return
    first = [f"unit {one.unit + 1} (r {number(one.r)}{_told(one)})" for one in best[:_NAMED]]
    st.markdown(f"**{escaped(what)}**{chance}: of the {name}, {listed(first)} follow{'s' * (len(first) == 1)} it best.")


def _unclear(best: list[Follower]) -> bool:
    """Whether none of them follows clearly: neither its correlation nor a threshold on it says so."""
    return all(abs(one.r) < _WEAK and not one.right >= _TELLS for one in best)


def _told(one: Follower) -> str:
    return "" if np.isnan(one.right) else f", tells it {percent(100 * one.right)}"


def _followers(best: list[Follower], what: str, either: bool) -> None:
    """Below the text: all of them."""
    if not best:
        return
    rows = [
        (str(one.unit + 1), (number(one.r), "" if np.isnan(one.right) else percent(100 * one.right))) for one in best
    ]
    cells = [(name, row[: 1 + either]) for name, row in rows]
    tables.table(_HEAD[: 2 + either], cells, "words-followers", about=f"Units that follow {what}")
    if either:
        st.caption(
            "**Tells it**: how often one threshold on the unit says whether the pattern is there. It is the average "
            "over where it is and where it is not; 50 % is chance. The best of many units is above chance by "
            "luck alone, "
            "the more so the shorter the text."
        )


def _alike(text: str, values: np.ndarray, wanted: np.ndarray) -> None:
    """Where in the text the states are most like those at the end of the passage."""
    ends = np.flatnonzero((wanted > 0) & (np.append(wanted[1:], 0) == 0))
    st.markdown(
        f"The passage comes {counted(len(ends), 'time')}. After its first, these places hold the most similar states:"
    )
    rows = [(painted.around(text, one.at, _AROUND), (number(one.cosine),)) for one in most_alike(values, int(ends[0]))]
    tables.table(("up to here", "cosine"), rows, "words-alike")


def _kept() -> Asked:
    return asked("texts read", limits.READ_THROUGH_BYTES_KEPT)


def _ask(shown: Shown, label: str, text: str) -> Answer:
    experiment, step = shown.run.experiment, shown.measured_at(label)
    weights = shown.run.frame(step).models[label].weights
    call = questions.READ_THROUGH(experiment.model(label), experiment.task, weights, text)
    key = (shown.run.key, shown.shipped, label, step, text)
    waiting: Waiting = _kept().ask(key, lambda: engine().ask(call, timeout=PATIENCE))
    return answered([waiting], "The model reads the text …", lambda: answer(waiting))
