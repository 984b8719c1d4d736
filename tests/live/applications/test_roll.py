"""The piano roll: what is told is the melody, what moves are the model's own probabilities."""

import numpy as np

from rnnviz.live import moment, pack, scene
from rnnviz.live.view import View
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.music import Music
from tests.live.reader import unpack
from tests.live.runs import experiment, run
from tests.support import midi_files


def test_what_is_told_is_the_melody_with_its_bars_and_phrases() -> None:
    chosen = experiment("music")
    task, told = chosen.task, scene(chosen, "compare")["pictures"]
    assert isinstance(task, Music) and [one["kind"] for one in told] == ["roll"] * len(chosen.labels)
    assert len(told[0]["symbols"]) == len(told[0]["notes"]) == task.output_size
    for probe, melody in enumerate(told[0]["melodies"]):
        targets = task.probes().batch.targets[:, probe]
        np.testing.assert_array_equal(melody["notes"], targets[targets != PAD])
        assert (
            sum(melody["again"]) > 0 and not any(melody["again"][:4]) and len(melody["again"]) == len(melody["notes"])
        )
        assert sum(told[0]["notes"][place][1] for place in melody["notes"]) == melody["eighths"]
        assert [begin % melody["bar"] for begin, _ in melody["phrases"]] == [0] * len(melody["phrases"])
        for place in melody["notes"]:
            row, length = told[0]["notes"][place]
            assert told[0]["symbols"][place].startswith(told[0]["pitches"][row]) and str(length) in told[0]["lengths"]


def test_colours_and_shades_are_what_the_readout_gave() -> None:
    done = run("music")
    task = done.experiment.task
    assert isinstance(task, Music)
    targets = task.probes().batch.targets[:, 1]
    right = targets[targets != PAD]
    sent = unpack(pack(moment(done, View("compare", 1), len(done.frames) - 1)))
    for label, model in done.frames[-1].models.items():
        own = sent["models"][label]["own"]
        logits = model.outputs[: len(right), 1].astype(np.float64)
        found = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
        np.testing.assert_allclose(own["chances"], found[np.arange(len(right)), right], atol=1e-6)
        np.testing.assert_array_equal(own["said"], found.argmax(-1))
        heat = np.asarray(own["heat"]).reshape(len(right), -1)
        np.testing.assert_allclose(heat.sum(-1), found[:, : len(task.notes)].sum(-1), atol=1e-5)
        e4 = [place for place, one in enumerate(task.notes) if one.pitch == 64]
        row = sorted({one.pitch for one in task.notes}).index(64)
        np.testing.assert_allclose(heat[:, row], found[:, e4].sum(-1), atol=1e-5)


def test_a_melody_of_ones_own_has_no_bars_and_no_best() -> None:
    chosen = experiment("music", melody=midi_files.melody(100), length=12)
    (told, *_) = scene(chosen, "compare")["pictures"]
    assert told["best"] == "" and len(told["melodies"]) == 3
    for one in told["melodies"]:
        assert (one["style"], one["bar"], one["phrases"], one["again"]) == ("melody", 0, [], None)
        assert sum(told["notes"][place][1] for place in one["notes"]) == one["eighths"]
