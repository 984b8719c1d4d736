"""The picture of a drawing with its caption: what is told is the task's own, what moves is the model's."""

import json

import numpy as np
import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.live import moment, pack, scene
from rnnviz.live.applications.drawing import looked, pad
from rnnviz.live.view import View
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.captions import Captions
from rnnviz.tasks.captions.drawing import coloured
from tests.live.reader import unpack
from tests.live.runs import experiment, run


def test_what_is_told_is_the_drawing_and_what_is_right() -> None:
    chosen = experiment("captions")
    task, told = chosen.task, scene(chosen, "compare")["pictures"]
    assert isinstance(task, Captions)
    batch = task.probes().batch
    assert [picture["kind"] for picture in told] == ["drawing"] * len(chosen.labels)
    assert [picture["looks"] for picture in told] == [model.attention is not None for model in chosen.models]
    drawn = coloured(task.reads.joined(batch.inputs))
    for probe, one in enumerate(told[0]["drawings"]):
        pixels = np.frombuffer(bytes.fromhex(one["pixels"]), np.uint8).reshape(-1, one["across"], 3)
        np.testing.assert_array_equal(pixels, drawn[probe])
        assert " ".join(one["asked"]) == f"{task.asked(probe)[0]} ■"
    assert told[0]["begin"] == task.encoder_steps == len(told[0]["places"]) == told[0]["rows"] * told[0]["columns"]
    assert len(json.dumps(told)) < 100_000


def test_a_moment_holds_what_is_written_how_sure_that_is_and_where_it_looks() -> None:
    done = run("captions")
    task = done.experiment.task
    assert isinstance(task, Captions)
    sent = unpack(pack(moment(done, View("compare", 1), len(done.frames) - 1)))
    targets = task.probes().batch.targets[:, 1]
    asked = targets[targets != PAD]
    for label, model in done.frames[-1].models.items():
        own = sent["models"][label]["own"]
        assert " ".join(own["words"]).removesuffix(" ■") == task.write(model.translated["written"][:, 1])
        right = [word == task.classes[place] for word, place in zip(own["words"], asked, strict=False)]
        assert own["right"][: len(asked)] == right[: len(own["words"])] and not any(own["right"][len(asked) :])
        logits = model.outputs[: len(asked), 1].astype(np.float64)
        chances = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
        np.testing.assert_allclose(own["sure"], chances[np.arange(len(asked)), asked], atol=1e-6)
        if done.experiment.model(label).attention is None:
            assert "weights" not in own
            continue
        weights = np.reshape(own["weights"], (len(asked), 36))
        np.testing.assert_array_equal(weights, model.translated["attention"][1, : len(asked)].astype(np.float32))
        np.testing.assert_allclose(weights.sum(1), 1, atol=2e-2)


def test_the_pad_shows_what_is_typed_and_says_how_to_go_on() -> None:
    told = pad("red ring 6 8 large; blue square 18 16")
    assert told["shapes"] == ["red ring 6 8 large", "blue square 18 16 medium"]
    assert pad("; ".join(told["shapes"])) == told
    assert set(pad(told["nothing"])["pixels"]) == {"f"} and pad(told["nothing"])["shapes"] == []
    one = [told[name][0]["name"] for name in ("colours", "kinds", "sizes")]
    assert pad(f"{one[0]} {one[1]} {told['snap']} {told['side']} {one[2]}")["shapes"]
    with pytest.raises(ExperimentError, match="got 'a red ring'"):
        pad("a red ring")


def test_a_caption_is_laid_over_the_drawing_that_was_read() -> None:
    task = Captions()
    weights = np.full((2, 36), 1 / 36, np.float32)
    told = looked(task, task.read("red ring 6 8 large"), ("a", "■"), ("right", ""), weights)
    assert told["pixels"] == pad("red ring 6 8 large")["pixels"]
    assert told["words"] == ["a", "■"] and np.shape(told["weights"]) == (2, 36)
