"""One model taken apart, asked of the worker once for all who look, and drawn at one time step."""

from collections.abc import Hashable

import numpy as np

from pages._ui.anatomy.sequence import DECODER, Sequence
from pages._ui.run.choices import Choice
from pages._ui.run.shown import Shown
from pages._ui.session.server import engine
from rnnviz import charts
from rnnviz.anatomy.step import Anatomy, taken_apart
from rnnviz.charts import Drawing, Strip
from rnnviz.charts.strips import VECTORS
from rnnviz.charts.theme import look
from rnnviz.charts.wiring import kind
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.core.names import number
from rnnviz.engine import questions
from rnnviz.tasks.translating import Translating

_kept: Cache[Hashable, Anatomy] = Cache("cells taken apart", limits.ANATOMY_BYTES_KEPT, most=256)
_PATIENCE = 20.0  # seconds; a worker that is just starting needs some


def cut(shown: Shown, label: str, sequence: Sequence, choice: Choice, z_updates: bool) -> Anatomy:
    """A model's layer on a sequence, all time steps at once.

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
        return taken_apart(spec, found, weights, layer, choice.direction, z_updates)

    key = (
        shown.run.experiment.key,
        shown.shipped,
        shown.step,
        label,
        sequence.digest,
        sequence.half,
        layer,
        choice.direction,
        z_updates,
    )
    return _kept.get(key, ask)


def diagram(found: Anatomy, label: str, time: int, unit: int | None, read: str, answer: str) -> Drawing:
    """The cell at one time step; `read` is what x_t is and `answer` what y_t is, both in words."""
    numbers, names = found.numbers(time, unit), {}
    if found.backward:
        names = {"hₜ₋₁": "hₜ₊₁", "cₜ₋₁": "cₜ₊₁"}
    if not found.top:
        names["yₜ"] = "out" if found.last else "above"
    return charts.diagram(kind(found.spec, found.z_updates), look(label).name, numbers, {"x": read, "y": answer}, names)


def strips(found: Anatomy, label: str, time: int, unit: int | None) -> Drawing:
    """All vectors of one time step."""
    values, numbers = found.at(time), found.numbers(time, unit)
    rows = [Strip("xₜ", "", np.asarray(found.found["x"][time]), None)]
    for letter, (symbol, variable) in VECTORS[found.spec.cell].items():
        symbol = symbol.replace("₋₁", "₊₁") if found.backward else symbol
        rows.append(Strip(symbol, variable, values[letter], numbers[letter]))
    if found.combine and found.last:
        joined = found.found["read"][time]
        rows.append(Strip("ĥₜ", "hidden", joined, float(joined.mean() if unit is None else joined[unit])))
    return charts.strips(look(label).name, rows, unit, found.spec.activation != "relu")


def answer(found: Anatomy, time: int, classes: tuple[str, ...]) -> str:
    """What the readout gives at one time step, as short as it fits into the diagram."""
    if not found.top:
        return ""
    logits = found.logits(time)
    return classes[int(logits.argmax())] if classes else number(float(logits[0]))
