"""A text that a model writes by itself, at every moment of its training: see `pages._ui.live.written`."""

from typing import Any

from rnnviz import analysis
from rnnviz.core import limits
from rnnviz.live.pictures import band
from rnnviz.live.view import View
from rnnviz.runs.continuation import usual_length, usual_prefix
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.layer_sizes import variables_of


def told(experiment: Experiment, label: str) -> dict[str, Any]:
    """What is known of every text.

    free:    none of the task's own sequences is shown.
    leads:   whether it is the picture of the first model, with what can be chosen for all of them.
    symbols: as they are shown, by their places.
    begins:  what is read first where nothing else is chosen; most: its characters; typing: how it is typed.
    length:  symbols that are written.
    units:   of the top layer; band: how its states are drawn.
    """
    task = experiment.task
    bounded = analysis.is_bounded(experiment, label)
    return {
        "free": True,
        "leads": label == experiment.labels[0],
        "symbols": list(task.classes),
        "begins": usual_prefix(task),
        "most": limits.LONGEST_PREFIX,
        "typing": task.typing,
        "length": usual_length(task),
        "units": experiment.model(label).hidden,
        "band": band("hidden", bounded) if "hidden" in variables_of(experiment.model(label)) else None,
    }


def moment(_at: RunView, _label: str, _view: View) -> dict[str, Any]:
    """Nothing: what is written depends on what a visitor chose, and is asked for."""
    return {}
