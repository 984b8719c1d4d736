"""A frame of a model: a mapping by the names of the schema, with attributes for what is common."""

import pickle

import numpy as np
import pytest

from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.run import Run
from tests.runs.helpers import bits


def test_what_is_measured_is_found_by_name_and_by_attribute(run: Run) -> None:
    frame = run.model_frame("lstm")
    for name in ("loss", "score", "grad_norm", "clipped", "losses", "grad_norms", "hidden_grad_norm", "outputs"):
        assert frame[name] is getattr(frame, name)
    assert frame.cell_grad_norm is frame["cell_grad_norm"]
    assert frame.trace["cell"] is frame["trace/cell"]
    assert list(frame.weights) == [name.removeprefix("weights/") for name in frame if name.startswith("weights/")]


def test_what_is_not_measured_is_not_there(run: Run) -> None:
    frame = run.model_frame("rnn")
    assert frame.cell_grad_norm is None and "cell_grad_norm" not in frame
    assert frame.translated == {} and frame.get("trace/cell") is None
    with pytest.raises(KeyError):
        frame["cell_grad_norm"]
    assert dict(ModelFrame({"loss": 1.0, "cell_grad_norm": None, "trace": {}})) == {"loss": 1.0}


def test_a_frame_with_other_values(run: Run) -> None:
    frame = run.model_frame("gru")
    other = frame.replace(score=0.5, trace={"hidden": frame.trace["hidden"]}, cell_grad_norm=None)
    assert other.score == 0.5 and list(other.trace) == ["hidden"]
    assert other.weights.keys() == frame.weights.keys() and set(frame.trace) > {"hidden"}
    assert other.nbytes == frame.nbytes - sum(array.nbytes for name, array in frame.trace.items() if name != "hidden")
    one = frame.replace(**{"trace/hidden": np.zeros(1, np.float16)})
    assert one.trace["hidden"].shape == (1,) and one.trace.keys() == frame.trace.keys()


def test_frames_cross_a_pipe_to_the_last_bit_and_share_their_names(run: Run) -> None:
    frame = run.model_frame("lstm")
    one, other = (pickle.loads(pickle.dumps(frame, 5)) for _ in range(2))
    assert {name: bits(value) for name, value in one.items()} == {name: bits(value) for name, value in frame.items()}
    assert all(a is b for a, b in zip(one, other, strict=True))
