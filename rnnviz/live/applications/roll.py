"""A melody as a piano roll: its notes, how likely a model found each of them, and what it expected in their place."""

from typing import Any

import numpy as np

from rnnviz.charts.scales import Scale
from rnnviz.findings import score_text
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.music import Music
from rnnviz.tasks.music.notes import LENGTH_NAMES, pitch_name

CHANCE = Scale("viridis", 0.0, 1.0, "0", "1")


def told(experiment: Experiment, _label: str) -> dict[str, Any]:
    """All notes that there are, and every probe.

    pitches:  names, from low to high: the rows.
    symbols:  as a melody is typed: notes and styles.
    notes:    of each the row and the length in eighths; symbols that are no notes have the row −1.
    lengths:  length in eighths → its name.
    melodies: of each probe the style, eighths of a bar and of the whole, where each phrase begins, in eighths,
              with its letter, the places of its notes, and which of them belong to a phrase that was heard before;
              where no grammar is known, a bar of 0, no phrases, and none for what was heard before.
    best:     what who knows the grammar scores; "" where none is known.
    """
    task = _music(experiment)
    pitches = _pitches(task)
    notes = [[pitches.index(one.pitch), one.length] for one in task.notes]
    return {
        "timed": True,
        "best": "" if task.best is None else score_text(task, task.best),
        "pitches": [pitch_name(pitch) for pitch in pitches],
        "symbols": task.names,
        "notes": notes + [[-1, 0] for _ in task.styles],
        "lengths": {str(eighths): name for eighths, name in LENGTH_NAMES.items()},
        "scale": {
            "palette": CHANCE.scheme,
            "low": CHANCE.low,
            "high": CHANCE.high,
            "lowName": CHANCE.low_name,
            "highName": CHANCE.high_name,
        },
        "melodies": [_melody(task, probe) for probe in range(len(task.probes().names))],
    }


def _melody(task: Music, probe: int) -> dict[str, Any]:
    batch = task.probes().batch
    style = task.repertoire.style_of(batch.inputs[:1, probe])
    assert style is not None
    places, marked = batch.targets[:, probe], task.marked(batch)
    return {
        "style": style.name,
        "bar": style.bar,
        "eighths": sum(one.length for one in task.heard(places)),
        "phrases": [[*one] for one in task.repertoire.phrases(style)],
        "notes": [int(place) for place in places if place != PAD],
        "again": None if marked is None else marked[places != PAD, probe].tolist(),
    }


def moment(at: RunView, label: str, view: View) -> dict[str, Any]:
    """What a model expects as each note of a melody.

    chances: (note,) float32, the probability of the right one.
    said:    (note,) float32, the place of the likeliest one.
    sure:    (note,) float32, the probability of that.
    heat:    (note, pitch) float32, row by row: the probability of each pitch, whatever the length.
    """
    task = _music(at.experiment)
    targets = task.probes().batch.targets[:, view.probe]
    right = targets[targets != PAD]
    logits = at.model(label).outputs[: len(right), view.probe].astype(np.float64)
    found = np.exp(logits - logits.max(-1, keepdims=True))
    found /= found.sum(-1, keepdims=True)
    pitches = _pitches(task)
    heat = np.zeros((len(right), len(pitches)))
    for place, one in enumerate(task.notes):
        heat[:, pitches.index(one.pitch)] += found[:, place]
    rows, said = np.arange(len(right)), found.argmax(-1)
    return {
        "chances": found[rows, right].astype(np.float32),
        "said": said.astype(np.float32),
        "sure": found[rows, said].astype(np.float32),
        "heat": heat.astype(np.float32).ravel(),
    }


def _pitches(task: Music) -> list[int]:
    return sorted({one.pitch for one in task.notes})


def _music(experiment: Experiment) -> Music:
    assert isinstance(experiment.task, Music)
    return experiment.task
