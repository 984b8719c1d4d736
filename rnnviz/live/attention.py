"""Where decoders look: what is told once of each pair and model, and what belongs to one moment."""

from typing import Any

import numpy as np

from rnnviz.analysis import alignment
from rnnviz.charts.attention.alignment import WEIGHT
from rnnviz.charts.theme import style_of
from rnnviz.runs.frames import ModelFrame
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.translating import END, Translating

KINDS = {"additive": "additive attention", "dot": "dot-product attention", "general": "general attention"}


def handed_over(spec: ModelSpec) -> int:
    """How many numbers a decoder starts from: all that it gets where there is no attention."""
    return spec.layers * spec.hidden * len(spec.kinds[1].states)


def pairs(task: Translating) -> list[dict[str, list[str]]]:
    """One for each probe: `inputs`, the symbols that are read, and `asked`, those to be written with their end."""
    batch = task.probes().batch
    return [
        {
            "inputs": list(task.tokens(batch.inputs[:, sample])),
            "asked": _symbols(batch.targets[:, sample], task.classes),
        }
        for sample in range(batch.size)
    ]


def pictures(experiment: Experiment) -> list[dict[str, Any]]:
    """One for each model, told once; of one without attention why its place is empty."""
    at_once = experiment.task.at_once
    read = {
        "unit": experiment.task.reads.one,
        "made": "the average of all" if at_once else "the encoder's last state",
    }
    return [read | _picture(experiment.model(label), label) for label in experiment.labels]


def _picture(spec: ModelSpec, label: str) -> dict[str, Any]:
    one = style_of(label)
    dash = list(one.dash) if one.dash != (1, 0) else []
    looks = {"label": label, "name": one.name, "colour": one.colour, "dash": dash}
    ends = {"low": WEIGHT.low, "high": WEIGHT.high, "lowName": WEIGHT.low_name, "highName": WEIGHT.high_name}
    kind = KINDS[spec.attention] if spec.attention else ""
    told = {"kind": "attention", "key": f"attention-{label}", "attention": kind, "numbers": handed_over(spec)}
    return {**told, **looks, "palette": WEIGHT.scheme, **ends}


def output_message(task: Translating, frame: ModelFrame, probe: int) -> dict[str, Any]:
    """What a model writes to a probe by itself, and where it looks while it is fed the right symbols.

    written: symbols up to the end; right: whether each is; weights: float16 (output_time, input_time), row by row, of
    the real symbols, and spread: by how many of them they are shared; neither without attention.
    """
    batch = task.probes().batch
    asked, found = batch.targets[:, probe], _until_end(frame.translated["written"][:, probe])
    told = {"written": _symbols(found, task.classes), "right": [bool(one) for one in found == asked[: len(found)]]}
    if "attention" not in frame.translated:
        return told
    outputs, inputs = int((batch.targets[:, probe] != PAD).sum()), int(batch.lengths[probe])
    weights = frame.translated["attention"][probe, :outputs, :inputs]
    return {**told, "weights": weights.astype(np.float16), "spread": round(alignment.shared_by(weights), 2)}


def _until_end(classes: np.ndarray) -> np.ndarray:
    ends = np.flatnonzero(classes == END)
    return classes[: ends[0] + 1] if len(ends) else classes


def _symbols(codes: np.ndarray, names: tuple[str, ...]) -> list[str]:
    return [str(symbol) for symbol in Translating.shown(codes, names) if symbol]
