"""What the tests of runs share: models that end, equality to the last bit."""

from typing import Any

import numpy as np

from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.models import ModelSpec

STEPS = 12
MODELS = (ModelSpec("rnn", 4, activation="relu"), ModelSpec("lstm", 3, 2, bidirectional=True), ModelSpec("gru", 5))
WHY = "RNN ended at step 5: its loss became infinite."


def ended(frame: Frame, label: str, why: str) -> Frame:
    return Frame(frame.step, {k: v for k, v in frame.models.items() if k != label}, {**frame.ended, label: why})


def assert_same(one: Run, other: Run) -> None:
    """Equal to the last bit."""
    assert one.experiment == other.experiment
    assert one.steps == other.steps
    assert one.nbytes == other.nbytes
    for a, b in zip(one.frames, other.frames, strict=True):
        assert a.ended == b.ended
        assert list(a.models) == list(b.models)
        for label in a.models:
            x, y = (frame.models[label] for frame in (a, b))
            assert set(x) == set(y), (a.step, label)
            for name in x:
                assert bits(x[name]) == bits(y[name]), (a.step, label, name)


def bits(value: Any) -> object:
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tobytes()
    return type(value), np.array(value).tobytes()
