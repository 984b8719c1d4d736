"""The keyboard: what is told is the sentence, what moves are the model's own candidates."""

import json

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.live import moment, pack, scene
from rnnviz.live.view import View
from rnnviz.tasks.autocomplete import Autocomplete
from rnnviz.tasks.batch import PAD
from tests.live.reader import unpack
from tests.live.runs import experiment, run


def test_what_is_told_is_the_sentence_and_what_can_be_known_of_it() -> None:
    chosen = experiment("autocomplete")
    task, told = chosen.task, scene(chosen, "compare")["pictures"]
    assert isinstance(task, Autocomplete) and [one["kind"] for one in told] == ["keyboard"] * len(chosen.labels)
    assert len(told[0]["words"]) == task.output_size and told[0]["far"] == task.marked_name
    for probe, sentence in enumerate(told[0]["sentences"]):
        assert tuple(sentence["read"]) == task.spelled(probe)
        words = [told[0]["words"][place] for place in sentence["next"]]
        assert words[:-1] == sentence["read"][1:] and words[-1] == "."
        assert sum(sentence["far"]) == 1 and sentence["known"][sentence["far"].index(True)] >= 50
        assert len(sentence["known"]) == len(words)


def test_of_running_text_nothing_is_known_and_unknown_words_are_not_asked() -> None:
    chosen = experiment("autocomplete", corpus="manual", vocabulary=50)
    told = scene(chosen, "compare")["pictures"][0]
    assert told["far"] == told["best"] == "" and len(json.dumps(told)) < 10_000
    for sentence in told["sentences"]:
        assert not any(sentence["far"]) and not sentence["known"]
        for word, place in zip(sentence["read"][1:], sentence["next"], strict=False):
            assert (word == "⟨?⟩") == (place == PAD)
    done = rv.run(chosen)
    sent = unpack(pack(moment(done, View("compare", 0), 0)))["models"]["gru"]["own"]
    unasked = np.array(told["sentences"][0]["next"]) == PAD
    assert unasked.any() and (np.isnan(sent["right"]) == unasked).all() and (np.isnan(sent["rank"]) == unasked).all()


@pytest.mark.parametrize("probe", [0, 2])
def test_candidates_are_the_likeliest_of_what_the_readout_gave(probe: int) -> None:
    done = run("autocomplete")
    targets = done.experiment.task.probes().batch.targets[:, probe]
    right = targets[targets != PAD]
    sent = unpack(pack(moment(done, View("compare", probe), len(done.frames) - 1)))
    for label, model in done.frames[-1].models.items():
        own = sent["models"][label]["own"]
        logits = model.outputs[: len(right), probe].astype(np.float64)
        found = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
        chances = np.asarray(own["chances"]).reshape(-1, 3)
        np.testing.assert_allclose(chances, -np.sort(-found, axis=-1)[:, :3], atol=1e-6)
        np.testing.assert_array_equal(np.asarray(own["places"]).reshape(-1, 3)[:, 0], found.argmax(-1))
        np.testing.assert_allclose(own["right"], found[np.arange(len(right)), right], atol=1e-6)
        first = found.argmax(-1) == right
        np.testing.assert_array_equal(np.asarray(own["rank"]) == 1, first)
