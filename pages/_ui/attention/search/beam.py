"""Beam search: its tree, the outputs it ends with, and whether the best of them is the greedy one."""

import dataclasses
import math
import time
from collections.abc import Hashable
from typing import Any

import streamlit as st

from pages._ui.attention import output as attention_output
from pages._ui.attention import watch
from pages._ui.attention.decoding import Seen, searched
from pages._ui.attention.output import Output
from pages._ui.attention.pictures import keep
from pages._ui.attention.search import ways
from pages._ui.run.place import place
from pages._ui.run.sequence_input import Input
from pages._ui.run.shown import Shown
from pages._ui.session.state import get_state
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, standing, stored
from rnnviz import charts
from rnnviz.analysis import translating
from rnnviz.analysis.translating import Searched
from rnnviz.charts import BeamNode, Drawing
from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import counted
from rnnviz.engine import EngineError

WIDTH, SOUGHT = "attention.search.width", "attention.search.sought"
WIDEST, USUAL = 8, 4
PATIENCE = 6.0  # seconds for which moments of training are looked at
SURE = math.log(0.9)  # of a whole output
_PRUNED = 2  # ranks below the beam that the tree shows


@dataclasses.dataclass(frozen=True, eq=False)
class Both:
    """A search and the greedy output, of the same weights.

    step:  after how many updates of them.
    found: the arrays of `nn.beam.search`.
    """

    step: int
    found: dict[str, Any]
    searched: Searched
    greedy: Output


def show(shown: Shown, label: str, given: Input) -> None:
    """The tree, the outputs and what they say."""
    width = st.slider(
        "Width of the beam",
        1,
        WIDEST,
        standing(WIDTH, USUAL),
        key=WIDTH,
        width=300,
        help="Beginnings followed at once.",
        persist_state="session",
    )
    both = _both(shown, label, given, width)
    st.markdown(f"After {counted(both.step, 'training step')} {said(shown, both, width, given)}")
    with st.container(key="beam"):
        place(_tree(shown, label, given, both, width), "beam")
    _outputs(both, given)
    _elsewhere(shown, label, given, width, both)


def said(shown: Shown, both: Both, width: int, given: Input) -> str:
    """What the search found, and how that compares with the greedy output."""
    best, at = both.searched.outputs[0], both.searched.differs
    which = f"the beam of {width}" if width > 1 else "the beam of 1, which is the same as greedy,"
    right = {"✓": ", which is right", "×": ", which is wrong", "": ""}[_sign(both, 0, given)]
    finds = f"{which} finds **{escaped(best.text) or '(nothing)'}** (probability {ways.probability(best.logp)}){right}"
    if at is None:
        return f"{finds}." if width == 1 else f"{finds}. It is the output that greedy writes."
    task, other = ways.task(shown), both.greedy
    mine = attention_output.shown(task, both.found["classes"])
    here, there = (escaped(tokens[at]) if at < len(tokens) else "nothing" for tokens in (mine, other.tokens))
    log = ways.logp(other)
    times = math.exp(min(50.0, best.logp - log))
    if times >= 1:
        than = f"Its whole is **{_times(times)} as likely** as the greedy **{escaped(other.text)}**"
    else:
        than = f"Yet the greedy **{escaped(other.text)}** is more likely: this beam has lost it on the way"
    return (
        f"{finds}. It differs from greedy at output position {at + 1}: **{here}** in place of **{there}**. {than} "
        f"({ways.probability(log)})."
    )


def _times(times: float) -> str:
    if times < 10:
        return f"{times:.2f} times" if times < 1.1 else f"{times:.1f} times"
    return f"{times:,.0f} times"


def _both(shown: Shown, label: str, given: Input, width: int) -> Both:
    """A search and a greedy output of the same weights."""
    return _joined(shown, searched(shown, label, given.codes, width), watch.model_output(shown, label, given))


def _joined(shown: Shown, seen: Seen, greedy: Output) -> Both:
    found = translating.searched(ways.task(shown), seen.found, greedy.classes)
    return Both(seen.step, seen.found, found, greedy)


def _tree(shown: Shown, label: str, given: Input, both: Both, width: int) -> Drawing:
    letters = max(map(len, ways.task(shown).classes))
    about = shown.run.key, shown.shipped, "beam", label, given.codes.tobytes(), width, both.step
    return keep(about, lambda: charts.beam_tree(nodes(shown, both), 0, width + _PRUNED, letters))


def nodes(shown: Shown, both: Both) -> list[BeamNode]:
    """The nodes of the tree as the chart takes them."""
    found, winner, greedy = both.found, set(both.searched.winner), set(both.searched.greedy)
    symbols = attention_output.shown(ways.task(shown), found["place"])
    return [
        BeamNode(
            id=node,
            parent=int(found["parent"][node]),
            step=int(found["step"][node]),
            rank=int(found["rank"][node]),
            symbol=symbol,
            logp=float(found["logp"][node]),
            kept=bool(found["kept"][node]),
            winner=node in winner,
            greedy=node in greedy,
            ended=int(found["place"][node]) == 0,
            probability=translating.probability_of(found, node),
        )
        for node, symbol in enumerate(symbols)
    ]


def _outputs(both: Both, given: Input) -> None:
    found = both.searched
    cells = []
    for place_, (one, ended) in enumerate(zip(found.outputs, found.ended, strict=True)):
        text = one.text + ("" if ended else " …")
        cells.append((f"{place_ + 1}", (text, _sign(both, place_, given), *ways.of_all(one.logp))))
    head = ("", "output", "right", "log-probability", "probability")
    ways.table(head, cells, "beams", "The outputs that the search ended with, the likeliest first")
    if not found.ended[0]:
        longest = len(both.found["classes"])
        st.caption(f"… marks outputs that the model has not ended: after {longest} symbols the search is broken off.")
    elif not all(found.ended):
        st.caption("… marks beginnings that were left when none of them could become likelier than the first output.")


def _sign(both: Both, at: int, given: Input) -> str:
    found = both.searched
    return ways.sign(found.ended[at] and found.outputs[at].text == given.right, given)


def _elsewhere(shown: Shown, label: str, given: Input, width: int, both: Both) -> None:
    """A way to a moment of training at which beam and greedy differ."""
    if width == 1 or both.searched.differs is not None:
        return
    sure = both.searched.outputs[0].logp > SURE
    why = "A model that is sure of every symbol leaves a search nothing to find." if sure else "Here both agree."
    st.markdown(f"{why} At another moment of training they may differ.")
    asked = _asked(shown, label, given, width)
    st.button(
        "Go to a moment where they differ",
        key="attention.search.seek",
        on_click=_seek,
        args=(shown, label, given, width, asked),
    )
    about, steps = stored(SOUGHT, (None, []))
    if about == asked:
        st.caption(f"{nowhere(steps)} Try another input or a wider beam.")


def nowhere(steps: list[int]) -> str:
    """After which numbers of updates, the latest first, beam and greedy were found not to differ."""
    if not steps:
        return "No moment of training could be looked at."
    if len(steps) == 1:
        return f"They do not differ at training step {steps[0]:,}, the only moment that was looked at."
    looked = f"training steps {steps[-1]:,} to {steps[0]:,}"
    return f"They differ at none of the {len(steps)} moments that were looked at, {looked}."


def _seek(shown: Shown, label: str, given: Input, width: int, asked: Hashable) -> None:
    """Look at the latest moment at which a search finds something else than greedy; the untrained one comes last."""
    began, looked = time.monotonic(), list[int]()
    for step in reversed([frame.step for frame in shown.run.frames if label in frame.models]):
        if time.monotonic() - began > PATIENCE:
            break
        try:
            then = _both(dataclasses.replace(shown, step=step), label, given, width)
        except ExperimentError:  # its numbers overflow under these weights
            continue
        except EngineError:
            break
        if then.searched.differs is not None:
            state = get_state()
            state.sent, state.sent_to = state.sent + 1, step
            return
        looked.append(then.step)
    put(SOUGHT, (asked, looked))


def _asked(shown: Shown, label: str, given: Input, width: int) -> Hashable:
    return shown.run.key, label, given.codes.tobytes(), width
