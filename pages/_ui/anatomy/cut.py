"""One model taken apart, asked of the worker once for all who look, and drawn at one time step."""

from collections.abc import Hashable

import numpy as np

from pages._ui.anatomy.sequence import DECODER, ShownSequence
from pages._ui.run.choices import Choice
from pages._ui.run.shown import Shown
from pages._ui.session.server import engine
from rnnviz import charts
from rnnviz.anatomy.step import Anatomy, taken_apart
from rnnviz.cells.diagram import INPUT, OUTPUT
from rnnviz.charts import Drawing, Strip
from rnnviz.charts.theme import style_of
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.core.names import number
from rnnviz.engine import questions
from rnnviz.specs import architectures
from rnnviz.tasks.translating import Translating

_kept: Cache[Hashable, Anatomy] = Cache("cells taken apart", limits.ANATOMY_BYTES_KEPT, most=256)
_PATIENCE = 20.0  # seconds; a worker that is just starting needs some


def cut(shown: Shown, label: str, sequence: ShownSequence, choice: Choice, other: bool) -> Anatomy:
    """A model's layer on a sequence, all time steps at once; `other`: in the cell's other convention.

    Raises:
        EngineError: the worker does not answer.
    """
    spec = shown.run.experiment.model(label)
    layer = choice.layer % spec.layers

    def ask() -> Anatomy:
        weights = shown.at.model(label).weights
        task, rest = shown.run.experiment.task, (weights, sequence.inputs, layer)
        if isinstance(task, Translating) and sequence.half == DECODER:
            call = questions.ANATOMY_WRITING(spec, task, *rest)
        else:
            call = questions.ANATOMY_STEP(spec, task, *rest, choice.direction)
        found = engine().ask(call, timeout=_PATIENCE)
        built, dense = shown.run.experiment.built(label), architectures.of(task).dense(spec, task, weights)
        return taken_apart(built, found, dense, layer, choice.direction, other)

    key = (
        shown.run.key,
        shown.shipped,
        shown.step,
        label,
        sequence.digest,
        sequence.half,
        layer,
        choice.direction,
        other,
    )
    return _kept.get(key, ask)


def diagram(found: Anatomy, label: str, time: int, unit: int | None, read: str, answer: str) -> Drawing:
    """The cell at one time step; `read` is what x_t is and `answer` what y_t is, both in words."""
    numbers, cell = found.numbers(time, unit), found.spec.kind
    names = {state.before: _ahead(state.before) for state in cell.states} if found.backward else {}
    if not found.top:
        names["yₜ"] = "out" if found.last else "above"
    words = {INPUT: read, OUTPUT: answer}
    return charts.diagram(cell.kind(found.spec, found.converted), style_of(label).name, numbers, words, names)


def drawable(found: Anatomy) -> bool:
    """Whether its cell has a diagram."""
    cell = found.spec.kind
    return cell.kind(found.spec, found.converted) in cell.wirings


def _ahead(symbol: str) -> str:
    """Read from the end of the sequence, the state before is that of the next time step."""
    return symbol.replace("₋₁", "₊₁")


def strips(found: Anatomy, label: str, time: int, unit: int | None) -> Drawing:
    """All vectors of one time step."""
    values, numbers = found.at(time), found.numbers(time, unit)
    rows = [Strip("xₜ", "", np.asarray(found.found["x"][time]), None)]
    for one in found.spec.kind.vectors:
        symbol = _ahead(one.symbol) if found.backward else one.symbol
        rows.append(Strip(symbol, one.variable, values[one.letter], numbers[one.letter]))
    if found.combine and found.last:
        joined = found.found["read"][time]
        rows.append(Strip("ĥₜ", "hidden", joined, float(joined.mean() if unit is None else joined[unit])))
    return charts.strips(style_of(label).name, rows, unit, found.spec.kind.is_bounded(found.spec))


def answer(found: Anatomy, time: int, classes: tuple[str, ...]) -> str:
    """What the readout gives at one time step, as short as it fits into the diagram."""
    if not found.top:
        return ""
    logits = found.logits(time)
    return classes[int(logits.argmax())] if classes else number(float(logits[0]))
