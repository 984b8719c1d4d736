"""A drawing with the caption that a model writes, and for each word where in the drawing it looks."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.captions import Captions, grammar, typing
from rnnviz.tasks.captions.drawing import COLOURS, KINDS, MOST, RGB, SIDE, coloured, pixels
from rnnviz.tasks.translating import END

_INKS = np.rint(255.0 * RGB).astype(np.uint8)


def told(experiment: Experiment, label: str) -> dict[str, Any]:
    """The grid, the words, and every probe.

    begin:    places of the grid, which come before the words among the time steps of a sequence: what is played begins
              behind them.
    rows, columns, places: of the grid, with the names of its places, line by line.
    looks:    whether the model has attention.
    numbers:  how many numbers the decoder starts from.
    drawings: of each probe its pixels, six hexadecimal digits each, line by line, how many there are in one line, and
              the right words with their end.
    """
    task, spec = _captions(experiment), experiment.model(label)
    grid, batch = task.reads, task.probes().batch
    sheets = coloured(grid.joined(batch.inputs))
    return {
        "timed": True,
        "begin": grid.count,
        "rows": grid.rows,
        "columns": grid.columns,
        "places": list(grid.names),
        "looks": spec.attention is not None,
        "numbers": spec.hidden,
        "drawings": [
            {
                **_sheet(sheets[probe]),
                "asked": [task.classes[place] for place in batch.targets[:, probe] if place != PAD],
            }
            for probe in range(batch.size)
        ],
    }


def moment(at: RunView, label: str, view: View) -> dict[str, Any]:
    """What a model writes by itself, and where it looks.

    words:   up to the end.
    right:   of each whether it is the right one at its place.
    weights: (word, place) float32, row by row, of as many words as are right, while it is fed the right ones; none
             without attention.
    sure:    (word,) float32, the probability of the right word after the right ones.
    """
    task, frame = _captions(at.experiment), at.model(label)
    targets = task.probes().batch.targets[:, view.probe]
    asked = targets[targets != PAD]
    found = frame.translated["written"][:, view.probe].astype(np.int64)
    ends = np.flatnonzero(found == END)
    written = found[: ends[0] + 1] if ends.size else found
    logits = frame.outputs[: len(asked), view.probe].astype(np.float64)
    chances = np.exp(logits - logits.max(-1, keepdims=True))
    chances /= chances.sum(-1, keepdims=True)
    sent = {
        "words": [task.classes[place] for place in written],
        "right": [bool(one < len(asked) and place == asked[one]) for one, place in enumerate(written)],
        "sure": chances[np.arange(len(asked)), asked].astype(np.float32),
    }
    if "attention" not in frame.translated:
        return sent
    return sent | {"weights": frame.translated["attention"][view.probe, : len(asked)].astype(np.float32).ravel()}


def pad(text: str) -> dict[str, Any]:
    """What a pad to draw on shows: a typed drawing, and what it can be drawn with.

    pixels, across: as of `told`; side, snap: pixels of the drawing, and of the grid on which middles lie.
    shapes:         as they are typed, one by one; `nothing` is an empty drawing.
    most:           shapes that there may be.

    Raises:
        ExperimentError: the text is no drawing.
    """
    shapes = typing.read(text)
    return {
        **_sheet(coloured(pixels(shapes))[0]),
        "side": SIDE,
        "snap": grammar.SNAP,
        "shapes": typing.parts(shapes),
        "most": MOST,
        "nothing": grammar.NOTHING,
        "colours": [{"name": name, "hex": f"#{ink.tobytes().hex()}"} for name, ink in zip(COLOURS, _INKS, strict=True)],
        "kinds": [{"name": name} for name in KINDS],
        "sizes": [{"name": name, "radius": r} for name, r in zip(grammar.SIZES, grammar.RADII, strict=True)],
    }


def looked(
    task: Captions, codes: np.ndarray, words: Sequence[str], signs: Sequence[str], weights: np.ndarray
) -> dict[str, Any]:
    """A caption word by word, and where the model looked for each: codes (place, number), weights (word, place).

    signs: of each word "right", "wrong" or "", where that is not known.
    """
    grid = task.reads
    return {
        **_sheet(coloured(grid.joined(codes[:, None]))[0]),
        "rows": grid.rows,
        "columns": grid.columns,
        "words": list(words),
        "signs": list(signs),
        "weights": np.round(weights.astype(float), 4).tolist(),
    }


def _sheet(colours: np.ndarray) -> dict[str, Any]:
    return {"pixels": colours.tobytes().hex(), "across": int(colours.shape[1])}


def _captions(experiment: Experiment) -> Captions:
    assert isinstance(experiment.task, Captions)
    return experiment.task
