"""The Attention page's charts, drawn once for all who look at the same moment of the same run."""

import dataclasses
import functools
from collections.abc import Callable, Hashable

import numpy as np

from pages._ui.attention.output import Output, shown
from pages._ui.run.sequence_input import Input
from rnnviz import charts
from rnnviz.charts import Drawing, longest_symbol
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.tasks.translating import Translating

TITLE = "output ↓ by input →"
CANDIDATES = 5  # symbols that could have been written

_drawn: Cache[Hashable, Drawing] = Cache("attention drawings", limits.ATTENTION_DRAWING_BYTES_KEPT)


def keep(about: Hashable, draw: Callable[[], Drawing]) -> Drawing:
    """The drawing of what `about` tells apart."""
    return _drawn.get(about, draw)


def heatmap(task: Translating, given: Input, output: Output, chosen: int | None = None) -> Drawing:
    """Where a model looked; all rows that could come are kept room for, so that pictures of one input are as large."""
    assert output.weights is not None
    size = {"rows": rows(task, given), "columns": len(given.tokens), "letters": letters(task, given)}
    return _briefly(charts.attention(output.weights, given.tokens, output.tokens, output.wrong, chosen, **size))


def cells(task: Translating, given: Input, output: Output, chosen: int | None) -> Drawing:
    """The same cell by cell, to be clicked; all rows that could come are kept room for."""
    assert output.weights is not None
    size = {"rows": rows(task, given), "columns": len(given.tokens), "letters": letters(task, given)}
    return _briefly(charts.attention_cells(output.weights, given.tokens, output.tokens, chosen, output.wrong, **size))


def candidates(task: Translating, output: Output, at: int, other: Output | None = None) -> Drawing:
    """What could be written at one step: the likeliest symbols and the right one, beside those after a change."""
    before = output.answers[at]
    after = None if other is None or at >= len(other.answers) else other.answers[at]
    right = int(output.asked[at]) if at < len(output.asked) else None
    places = _likeliest(before, after, right)
    changed = None if after is None else after[places]
    names = shown(task, places)
    named = shown(task, [right])[0] if right is not None else ""
    return charts.candidates(names, before[places], named, changed, _longest_written(task))


def composition(given: Input, row: np.ndarray, changed: np.ndarray | None = None) -> Drawing:
    """What the context of one step is made of."""
    return charts.composition(given.tokens, row, changed, len(given.tokens))


def rows(task: Translating, given: Input) -> int:
    """How many symbols at most are written to an input; as `nn.decoding.longest` has it."""
    return int(task.output_steps * max(1.0, len(given.tokens) / task.input_steps))


def letters(task: Translating, given: Input) -> int:
    """Of the longest symbol that is read or may be written."""
    return max(longest_symbol(given.tokens), _longest_written(task))


def _briefly(drawing: Drawing) -> Drawing:
    """The same with a title that fits beside the colours in a third of the page."""
    legend = {**drawing.tables["legend"], "title": [TITLE]}
    return dataclasses.replace(drawing, tables={**drawing.tables, "legend": legend})


@functools.lru_cache(maxsize=16)
def _longest_written(task: Translating) -> int:
    return longest_symbol(shown(task, range(task.output_size)))


def _likeliest(before: np.ndarray, after: np.ndarray | None, right: int | None) -> np.ndarray:
    """The likeliest classes before a change, also the first after it and the right one if they are not among them."""
    first = [int(place) for place in np.argsort(-before, kind="stable")[:CANDIDATES]]
    also = [] if right is None else [right]
    also += [] if after is None else [int(after.argmax())]
    more = [place for place in dict.fromkeys(also) if place not in first]
    kept = first[: CANDIDATES + 1 - max(1, len(more))] + more
    return np.array(sorted(kept, key=lambda place: -before[place]))
