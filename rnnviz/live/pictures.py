"""States and gates of a model as pictures: which variables a page shows of it, and their numbers at one moment."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnviz import analysis, cells
from rnnviz.analysis import carrying
from rnnviz.charts import theme
from rnnviz.charts.theme import style_of
from rnnviz.charts.traces import scale_of
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import short_name
from rnnviz.specs.layer_sizes import variables_of

CHOSEN: dict[str, Callable[[], tuple[str, ...]]] = {  # what is shown → its variables, from the top
    "hidden": lambda: ("hidden",),
    "states": cells.state_names,
    "gates": cells.shown_names,
}


def pictures(experiment: Experiment, what: str, key: str) -> list[dict[str, Any]]:
    """One for each model that has any of the variables, told once.

    what: one of `CHOSEN`; key: what the pictures' keys begin with, as in "states-lstm".
    """
    return [_picture(experiment, label, what, key) for label in with_any(experiment, what)]


def with_any(experiment: Experiment, what: str) -> list[str]:
    """Labels of the models of which there is something to show."""
    return [label for label in experiment.labels if _names(experiment, label, what)]


def values(at: RunView, label: str, view: View, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Name → (time, unit) float16, as it was measured; nothing of a model without such a layer or direction."""
    if not _has(at, label, view):
        return {}
    found = analysis.trace(at, label, view.probe, view.layer, view.direction)
    return {name: array.astype(np.float16) for name, array in found.items() if name in names}


def carriers(at: RunView, label: str, view: View, names: tuple[str, ...]) -> list[int]:
    """The units, from 0, whose gate that keeps has a line of its own; none where no such gate is among the names."""
    kept = carrying.kept_state(at.experiment.model(label))
    if kept is None or kept[0] not in names or not _has(at, label, view):
        return []
    return [*carrying.carriers(at, label, view.layer, view.direction)]


def _has(at: RunView, label: str, view: View) -> bool:
    """Whether a model has the layer and direction that is looked at."""
    spec = at.experiment.model(label)
    return view.layer < spec.layers and (view.direction == "forward" or spec.bidirectional)


def headed(experiment: Experiment, label: str, kind: str, key: str) -> dict[str, Any]:
    """What every picture of a model has: its key, and what stands in its head."""
    one, name, short = style_of(label), experiment.title(label), short_name(label)
    return {
        "kind": kind,
        "key": f"{key}-{label}",
        "label": label,
        "name": name,
        "short": "" if short == name else short,
        "colour": one.colour,
        "dash": list(one.dash) if one.dash != (1, 0) else [],
    }


def _picture(experiment: Experiment, label: str, what: str, key: str) -> dict[str, Any]:
    bounded = analysis.is_bounded(experiment, label)
    bands = [band(name, bounded) for name in _names(experiment, label, what)]
    return headed(experiment, label, "picture", key) | {"units": experiment.model(label).hidden, "bands": bands}


def _names(experiment: Experiment, label: str, what: str) -> list[str]:
    there = variables_of(experiment.model(label))
    return [name for name in CHOSEN[what]() if name in there]


def band(name: str, bounded: bool) -> dict[str, Any]:
    """The picture of one variable: its title, its colours, and whether it is a gate that keeps the state."""
    scale = scale_of(name, bounded)
    ends = {"low": scale.low, "high": scale.high, "lowName": scale.low_name, "highName": scale.high_name}
    lines = (
        {"lines": [theme.ROLES["keeps"], theme.ROLES["shows"]]} if cells.keeps(name) else {}
    )  # after the model's own
    return {"name": name, "title": cells.title(name), "keeps": bool(lines), "palette": scale.scheme, **lines, **ends}
