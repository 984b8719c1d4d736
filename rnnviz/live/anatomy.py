"""Cells taken apart: what a browser is told once, so that it can draw their diagrams at any time step of any moment."""

import dataclasses
from typing import Any

from rnnviz.charts import wiring
from rnnviz.charts.diagram import SIGNED
from rnnviz.charts.scales import GATE, Scale
from rnnviz.charts.strips import VECTORS
from rnnviz.charts.traces import scale_of
from rnnviz.charts.wiring import WIRINGS
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec

Rule = tuple[str, ...]
# What follows from the numbers of a moment: name, rule and what it is applied to, in this order. The last term of a sum
# is what is missing from its result: both are kept with few digits, and what is shown has to add up.
_DERIVED: dict[str, list[Rule]] = {
    "rnn": [("a_h", "sum", "h_h", "h_x", "b")],
    "lstm": [("kept", "product", "f", "c0"), ("written", "rest", "c", "kept"), ("shown", "tanh", "c")],
    "gru": [("turned", "turned", "z"), ("kept", "product", "z", "h0"), ("written", "rest", "h", "kept")],
}
_RESET: list[Rule] = [("reset", "product", "r", "product")]
_Z_UPDATES: list[Rule] = [
    ("z", "turned", "z"),
    ("turned", "turned", "z"),
    ("a_z", "minus", "a_z"),
]  # one calls z the other's 1 − z


def told(experiment: Experiment) -> dict[str, Any]:
    """The diagrams of an experiment's cells, without numbers.

    tokens: for each probe (time,), what is read at every step.
    cells:  label → for each half kind and kindUpdates (names of wirings) and vectors; an encoder–decoder has two.
    wirings, sizes: where everything stands; see `rnnviz.charts.wiring`.
    scales: of signed values and of gates.
    """
    halves = {label: _halves(experiment, label) for label in experiment.labels}
    kinds = {wiring.kind(spec, turned): spec for specs in halves.values() for spec in specs for turned in (False, True)}
    sizes = {"high": wiring.HEIGHT, "port": [wiring.PORT, wiring.PORT_HIGH], "box": [wiring.BOX, wiring.BOX_HIGH]}
    return {
        "tokens": [_tokens(experiment, probe) for probe in range(len(experiment.task.probes().names))],
        "cells": {label: [_cell(spec) for spec in specs] for label, specs in halves.items()},
        "wirings": {
            kind: dataclasses.asdict(WIRINGS[kind]) | {"rules": _rules(kind, spec)} for kind, spec in kinds.items()
        },
        "sizes": sizes | {"radius": wiring.RADIUS},
        "scales": {"signed": _scale(SIGNED), "gate": _scale(GATE)},
    }


def _halves(experiment: Experiment, label: str) -> list[ModelSpec]:
    return list(architectures.of(experiment.task).parts(experiment.model(label)).values())


def _tokens(experiment: Experiment, probe: int) -> list[str]:
    """What is read at every step of a probe, spelled out; of an encoder–decoder then what is to be written."""
    return list(experiment.task.spelled(probe))


def _cell(spec: ModelSpec) -> dict[str, Any]:
    bounded = spec.activation != "relu"
    vectors = [
        {"letter": letter, "symbol": symbol, **_scale(scale_of(variable, bounded))}
        for letter, (symbol, variable) in VECTORS[spec.cell].items()
    ]
    return {"kind": wiring.kind(spec), "kindUpdates": wiring.kind(spec, z_updates=True), "vectors": vectors}


def _rules(kind: str, spec: ModelSpec) -> list[Rule]:
    """How the values on the wires that are in no moment follow from those that are."""
    rules = [*_DERIVED[spec.cell]]
    if spec.cell == "gru" and spec.reset == "after":
        rules += _RESET
    return rules + _Z_UPDATES if kind.endswith("-z-updates") else rules


def _scale(scale: Scale) -> dict[str, Any]:
    ends = {"low": scale.low, "high": scale.high, "lowName": scale.low_name, "highName": scale.high_name}
    return {"palette": scale.scheme, **ends}
