"""Cells taken apart: what a browser is told once, so that it can draw their diagrams at any time step of any moment."""

import dataclasses
from typing import Any

from rnnviz.anatomy import missing
from rnnviz.cells import diagram
from rnnviz.cells.diagram import Wiring
from rnnviz.charts.diagram import SIGNED
from rnnviz.charts.scales import GATE, Scale
from rnnviz.charts.traces import scale_of
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec

_NOWHERE = Wiring(parts=(), wires=(), sum=("h", ("h",)), dots=(), frame=(0, 0, 0, 0))  # a cell without a diagram


def told(experiment: Experiment) -> dict[str, Any]:
    """The diagrams of an experiment's cells, without numbers.

    tokens: for each probe (time,), what is read at every step.
    cells:  label → for each half kind (the name of its wiring; of that in the cell's other convention, the beginning),
            vectors, and a note where there is no diagram; an encoder–decoder has two halves.
    wirings, sizes: where everything stands; see `rnnviz.cells.diagram`.
    scales: of signed values and of gates.
    """
    halves = {label: _halves(experiment, label) for label in experiment.labels}
    every = [spec for specs in halves.values() for spec in specs]
    wirings = {spec.kind.kind(spec, other): wiring_of(spec, other) for spec in every for other in (False, True)}
    return {
        "tokens": [_tokens(experiment, probe) for probe in range(len(experiment.task.probes().names))],
        "cells": {label: [_cell(spec) for spec in specs] for label, specs in halves.items()},
        "wirings": {kind: dataclasses.asdict(one or _NOWHERE) for kind, one in wirings.items()},
        **look(),
    }


def look() -> dict[str, Any]:
    """What all diagrams share: the sizes of their parts, and the scales of signed values and of gates."""
    sizes = {"high": diagram.HEIGHT, "port": [diagram.PORT, diagram.PORT_HIGH], "box": [diagram.BOX, diagram.BOX_HIGH]}
    scales = {"signed": _scale(SIGNED), "gate": _scale(GATE)}
    return {"sizes": sizes | {"radius": diagram.RADIUS}, "scales": scales}


def _halves(experiment: Experiment, label: str) -> list[ModelSpec]:
    return list(architectures.of(experiment.task).parts(experiment.model(label)).values())


def _tokens(experiment: Experiment, probe: int) -> list[str]:
    """What is read at every step of a probe, spelled out; of an encoder–decoder then what is to be written."""
    return list(experiment.task.spelled(probe))


def wiring_of(spec: ModelSpec, other: bool = False) -> Wiring | None:
    """The diagram of a model's cell, or in its other convention; None where it has none."""
    return spec.kind.wirings.get(spec.kind.kind(spec, other))


def _cell(spec: ModelSpec) -> dict[str, Any]:
    cell = spec.kind
    bounded = cell.is_bounded(spec)
    vectors = [
        {"letter": one.letter, "symbol": one.symbol, **_scale(scale_of(one.variable, bounded))} for one in cell.vectors
    ]
    note = {} if wiring_of(spec) else {"note": missing.diagram(cell)}
    return {"kind": cell.kind(spec), "vectors": vectors, **note}


def _scale(scale: Scale) -> dict[str, Any]:
    ends = {"low": scale.low, "high": scale.high, "lowName": scale.low_name, "highName": scale.high_name}
    return {"palette": scale.scheme, **ends}
