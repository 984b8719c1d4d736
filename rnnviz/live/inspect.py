"""A model that somebody brought, for the stage: no run stands behind it, so that one message holds all there is."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np

from rnnviz.analysis import carrying
from rnnviz.cells import Cell
from rnnviz.cells.block import Role
from rnnviz.charts.theme import style_of
from rnnviz.checkpoints.brought import Layer
from rnnviz.live.pictures import band
from rnnviz.runs.states import DIRECTIONS

PAGE = "inspect"
MOST_ROWS = 128  # of a picture; of wider layers each row is the mean of some units that are alike
Trace = Mapping[str, np.ndarray]


def message(
    name: str, layer: Layer, level: int, direction: int, trace: Trace, tokens: Sequence[str], said: str
) -> dict[str, Any]:
    """Scene and moment of one layer in one direction, for `rnnviz.live.pack`.

    name:      of the model, another one for each that is brought.
    level:     which of the stacked layers, from 0 at the bottom; direction: 0 forward, 1 backward.
    trace:     name → (time, unit).
    tokens:    (time,), "" for what has no name.
    said:      a sentence for the line below the pictures.
    """
    groups = alike(trace["hidden"])
    values = {one: means(trace[one], groups) for one in _shown(layer.kind) if one in trace}
    scene = _scene(layer, level, direction, tuple(values), tokens, groups)
    moment = {
        "place": 0,
        "step": 0,
        "models": {layer.cell: {"values": values, "carry": _carriers(layer.kind, trace, direction)}},
        "tables": {},
        "findings": [{"text": said, "kind": "", "page": PAGE}],
    }
    return {
        "run": name,
        "id": _digest(values, repr(scene), said),
        "view": PAGE,
        "over": True,
        "status": {"state": "still", "text": "", "message": ""},
        "scene": scene,
        "moment": moment,
        "tail": {"after": -1, "to": 0, "steps": np.zeros(1, np.int32), "numbers": {}},
    }


def _shown(cell: Cell) -> list[str]:
    """Names of states, gates and candidate, column by column.

    An LSTM's fill three columns, a GRU's two.
    """
    blocks = sorted(cell.shown, key=lambda block: get_args(Role).index(block.role))
    return [*(state.name for state in cell.states), *(block.name for block in blocks)]


def _carriers(cell: Cell, trace: Trace, direction: int) -> list[int]:
    """The units, from 0, whose gate that keeps has a line of its own, from this one sequence."""
    if cell.keeps is None or cell.keeps.name not in trace:
        return []
    gate, state = (trace[name][:, None].astype(np.float64) for name in (cell.keeps.name, cell.states[-1].name))
    return [*carrying.most(carrying.carried(gate, state, bool(direction)))]


def alike(hidden: np.ndarray) -> list[np.ndarray]:
    """The units of each row, from 0: one in each of at most `MOST_ROWS`; else those that go up and down together.

    hidden: (time, unit). Units stand by their angle in the plane of the two singular vectors that tell most of them.
    """
    units = hidden.shape[1]
    order = np.arange(units)
    if units > MOST_ROWS:
        ways = np.linalg.svd(np.nan_to_num(hidden.astype(np.float64)), full_matrices=False)[2]
        order = np.argsort(np.arctan2(ways[min(1, len(ways) - 1)], ways[0]), kind="stable")
    return np.array_split(order, min(units, MOST_ROWS))


def means(values: np.ndarray, groups: Sequence[np.ndarray]) -> np.ndarray:
    """(time, unit) as (time, row) float16: each row the mean of its units."""
    columns = [values[:, units].mean(axis=1, dtype=np.float32) for units in groups]
    with np.errstate(over="ignore"):  # what float16 cannot hold takes the colour of its end
        return np.stack(columns, axis=1).astype(np.float16)


def _scene(
    layer: Layer,
    level: int,
    direction: int,
    names: tuple[str, ...],
    tokens: Sequence[str],
    groups: Sequence[np.ndarray],
) -> dict[str, Any]:
    one = style_of(layer.cell)
    looks = {"label": layer.cell, "name": one.name, "colour": one.colour, "units": len(groups)}
    bounded = layer.kind.is_bounded(layer)
    picture = {
        "kind": "brought",
        "key": "inspect-pictures",
        **looks,
        "groups": [units.tolist() for units in groups] if len(groups) < layer.hidden else [],
        "bands": [band(name, bounded) for name in names],
    }
    return {
        "page": PAGE,
        "models": [{**looks, "dash": [], "layers": 1, "directions": 1}],
        "steps": 0,
        "times": len(tokens),
        "answers": "none",
        "question": _said(layer, level, direction, len(groups)),
        "sequences": [{"name": "", "tokens": list(tokens), "asked": [], "read": 0}],
        "pictures": [picture],
        "charts": {},
        "history": None,
    }


def _said(layer: Layer, level: int, direction: int, rows: int) -> str:
    """Which part of the model is shown, and what a row of its pictures is."""
    parts = [f"{layer.name}: {layer.title}"]
    parts += [f"layer {level + 1} from below"] if layer.layers > 1 else []
    parts += [f"{DIRECTIONS[direction]} direction"] if layer.directions > 1 else []
    most = -(-layer.hidden // rows)
    row = (
        "a row is a unit"
        if most == 1
        else f"a row is the mean of {most - (layer.hidden % rows > 0)} to {most} units alike"
    )
    return " · ".join([*parts, row])


def _digest(values: Mapping[str, np.ndarray], *texts: str) -> str:
    found = hashlib.blake2b("\0".join(texts).encode("utf-8", "replace"), digest_size=8)
    for array in values.values():
        found.update(array.tobytes())
    return found.hexdigest()
