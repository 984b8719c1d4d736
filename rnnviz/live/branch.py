"""A run beside another one, a ghost in its charts: the original of a branch, or the last run from another seed."""

import bisect
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from rnnviz import analysis
from rnnviz.charts.scales import SMALLEST_GRADIENT
from rnnviz.core import fields
from rnnviz.core.names import listed, setting
from rnnviz.findings import score_text
from rnnviz.findings.finding import article
from rnnviz.live import moving, pages, trends
from rnnviz.live.tail import tail
from rnnviz.live.view import View
from rnnviz.runs.run import Run
from rnnviz.specs.branch import Branch, first_step
from rnnviz.specs.branching import differing, name_of
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Task

GHOST = "ghost"  # the table of its lines
_THIN, _FADED = 2, 0.8  # pixels of a line, and its opacity
_GREY = "#888888"  # contrast 3.5 on white, 5.2 on the dark page
_DOTS = ([3, 3], [8, 3, 3, 3], [8, 3, 3, 3, 3, 3])  # pixels on and off, for models with the first, second … dash
_OWN = ("opacity", "size", "strokeDash")  # looks of a line that the original's has not


def told(experiment: Experiment, start: Branch | None) -> dict[str, Any] | None:
    """Where a branch began and what was changed; None for a training from first weights.

    step, changed ("learning rate 0.01 → 0.001"), original (what that was: "learning rate 0.01"), alike (whether both
    are scored on the same sequences).
    """
    if start is None:
        return None
    parts = _changes(start.parent, experiment)
    return {
        "step": start.step,
        "changed": listed([f"{name} {before} → {after}" for name, before, after in parts]) or "nothing was changed",
        "original": listed([f"{name} {before}" for name, before, _ in parts]),
        "alike": start.parent.task == experiment.task,
    }


def _changes(before: Experiment, after: Experiment) -> list[tuple[str, str, str]]:
    """The name of each setting that differs, and both its values in words."""
    found = _differing(before.training, after.training)
    for label, one, other in zip(after.labels, before.models, after.models, strict=True):
        found += [(f"{name} of {article(label)}", was, now) for name, was, now in _differing(one, other)]
    return found + _differing(before.task, after.task)


def _differing(before: Any, after: Any) -> list[tuple[str, str, str]]:
    named = [(name_of(fields.meaning(before, name)), name) for name in differing(before, after)]
    return [(said, setting(getattr(before, name)), setting(getattr(after, name))) for said, name in named]


def ghost(run: Run, view: View, branch: Run) -> dict[str, Any]:
    """What a browser draws of the original, or of the last run, whose `run` this is, beside the same view of `branch`.

    steps (moment,), numbers as in `tail`, scored: label → the score at each moment in words, "" where it has ended. On
    a page with the gradient at each time step also gradients: label → (moment × time step) float32, as that chart
    draws them, of the moments at the places from `began` on, which the branch can have too.
    """
    whole = tail(run, view, -1, len(run.frames) - 1)
    task = run.experiment.task
    words = {
        label: [_scored(task, frame.models[label].score) if label in frame.models else "" for frame in run.frames]
        for label in run.experiment.labels
    }
    told = {"steps": whole["steps"], "numbers": whole["numbers"], "scored": words}
    return told | (_gradients(run, view, branch) if with_ghost(pages.of(run.experiment, view.page)) else {})


def with_ghost(page: pages.Page) -> list[str]:
    """The charts of one moment that show the ghost at the same training step."""
    return [name for name in page.moving if name in moving.CHARTS]


def _gradients(run: Run, view: View, branch: Run) -> dict[str, Any]:
    """Of encoder–decoders of another length nothing: other time steps are read, and other ones written."""
    began = bisect.bisect_left(run.steps, first_step(branch.start))
    alike = analysis.read_steps(run.experiment) == analysis.read_steps(branch.experiment)
    found = trends.norms(run, run.frames[began:], view) if alike else {}
    return {
        "began": began,
        "gradients": {label: np.maximum(norms, SMALLEST_GRADIENT) for label, norms in found.items()},
    }


def _scored(task: Task, score: float) -> str:
    return score_text(task, score) if math.isfinite(score) else "not a number"


def with_original(chart: dict[str, Any]) -> dict[str, Any]:
    """A chart, as the scene tells it, with a layer for the lines of the original below its own."""
    return _with_ghost(chart, _original)


def with_last(chart: dict[str, Any]) -> dict[str, Any]:
    """The same with a grey layer for the last run, which is empty until there is one: so no chart is built anew."""
    return _with_ghost(chart, _grey)


def _with_ghost(chart: dict[str, Any], ghost_of: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    spec = chart["spec"]
    layers = [layer for one in spec["layer"] for layer in ([ghost_of(one), one] if _is_lines(one) else [one])]
    return {**chart, "spec": {**spec, "layer": layers, "datasets": {**spec["datasets"], GHOST: []}}}


def _is_lines(layer: dict[str, Any]) -> bool:
    return bool(layer["data"]["name"] == "lines" and layer["mark"]["type"] == "line")


def _original(layer: dict[str, Any]) -> dict[str, Any]:
    looks = {"strokeWidth": _THIN, "opacity": _FADED, "strokeDash": _DOTS[0], "strokeCap": "butt"}
    encoding = {name: value for name, value in layer["encoding"].items() if name not in _OWN}
    if dashed := layer["encoding"].get("strokeDash"):
        encoding["strokeDash"] = _dotted(dashed["scale"])
    return {**layer, "data": {"name": GHOST}, "mark": {**layer["mark"], **looks}, "encoding": encoding}


def _grey(layer: dict[str, Any]) -> dict[str, Any]:
    encoding = {name: value for name, value in layer["encoding"].items() if name not in (*_OWN, "color")}
    detail = [one for one in (layer["encoding"].get("detail"), {"field": "series", "type": "nominal"}) if one]
    mark = {**layer["mark"], "strokeWidth": _THIN, "color": _GREY}
    return {**layer, "data": {"name": GHOST}, "mark": mark, "encoding": {**encoding, "detail": detail}}


def _dotted(scale: dict[str, Any]) -> dict[str, Any]:
    """Other dots for a second model of the same cell, which has the colour of the first."""
    dashes = list(dict.fromkeys(map(tuple, scale["range"])))
    other = [
        {"test": f"datum.series === {json.dumps(name)}", "value": _DOTS[min(dashes.index(tuple(dash)), len(_DOTS) - 1)]}
        for name, dash in zip(scale["domain"], scale["range"], strict=True)
    ]
    return {"condition": other, "value": _DOTS[0]}
