"""Tables of what encoder–decoders do, and what a search found, beside what the parts say by themselves."""

import dataclasses
import functools
import math
import sys

import numpy as np
import pytest

import rnnviz.charts  # noqa: F401
from rnnviz.analysis import translating as analysis
from rnnviz.nn.decode.beam import search
from rnnviz.nn.decode.decoding import translate
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.length_experiment import LENGTH, length_experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from tests.support.runs import small_run
from tests.support.tasks import task

STEPS = 30


@functools.cache
def translators() -> Run:
    """A GRU with attention and without, trained for a moment to write short strings backwards."""
    from rnnviz.nn.train.training import run

    models = (ModelSpec("gru", 10, attention="additive"), ModelSpec("gru", 10))
    return run(Experiment(task("reverse", length=4, letters=3), models, TrainingSpec(steps=STEPS, batch=16, lr=0.01)))


def bent(run: Run, **changes: dict[str, np.ndarray]) -> Run:
    """A run of the first and the last frame of `run`, in the last of which some of what is measured is changed."""
    first, last = run.frames[0], run.frames[-1]
    models = {
        label: model.replace(translated=model.translated | changes.get(label.replace("-", "_"), {}))
        for label, model in last.models.items()
    }
    return Run(run.experiment, [first, Frame(last.step, models, {})])


def test_the_modes_are_those_that_the_charts_draw() -> None:
    exposure = sys.modules["rnnviz.charts.attention.exposure"]
    assert (exposure.FED, exposure.FREE) == analysis.MODES


def test_tables_hold_what_was_measured() -> None:
    run = translators()
    frames, labels = len(run.frames), len(run.experiment.labels)
    exposure = analysis.exposure(run)
    assert len(exposure) == 2 * frames * labels and set(exposure["mode"]) == set(analysis.MODES)
    last = exposure[(exposure["step"] == STEPS) & (exposure["label"] == "gru")]["value"]
    assert list(last) == list(run.model_frame("gru").translated["held_out_loss"])
    places = analysis.positions(run.at(5))
    assert set(places["position"]) == {1, 2, 3, 4, 5} and places["value"].between(0, 100).all()
    for kind in (analysis.ENTROPY, analysis.PEAK):
        assert set(analysis.sharpness(run, kind)["label"]) == {"gru"} == set(analysis.attending(run))
    assert analysis.by_length(run.at())["length"].max() == 8


def test_groups_are_joined_by_how_many_inputs_they_hold() -> None:
    run = translators()
    found = analysis.groups(run.at(), "gru")
    whole = analysis.joined(found, 1)
    chosen = analysis.task_of(run)
    assert whole is not None and whole.count == chosen.length_test().inputs.shape[1]
    assert whole.score == pytest.approx(np.average([g.score for g in found], weights=[g.count for g in found]))
    assert (whole.low, whole.high) == (2, 8)
    assert analysis.joined(found, 9) is None
    longer = analysis.joined(found, chosen.length_trained + 1)
    assert longer is not None and longer.low > chosen.length_trained


def test_halves_count_every_place_alike() -> None:
    fed, free = [100, 100, 100, 100, 100], [100, 100, 50, 50, 50]
    run = bent(translators(), gru={"by_position": np.array([fed, free], np.float32)})
    halves = analysis.halves(run.at(), "gru")
    assert halves.fed == (100, 100) and halves.free == (100, 50) and halves.behind == (0, 50)
    rare = bent(translators(), gru={"by_position": np.array([fed, [100, 100, 100, 70, np.nan]], np.float32)})
    assert analysis.halves(rare.at(), "gru").free[1] == 85  # as the chart shows it, not by how many outputs are so long


def test_the_same_weight_everywhere() -> None:
    chosen = task("reverse", length=2, letters=5)  # all inputs have two letters
    assert analysis.uniform_entropy(chosen) == pytest.approx(1.0)
    assert analysis.uniform_peak(chosen) == pytest.approx(0.5)


def test_a_run_of_other_models_is_refused() -> None:
    with pytest.raises(ValueError, match="from sequences to sequences; got adding"):
        analysis.task_of(small_run())


@pytest.mark.parametrize("width", [1, 4])
def test_a_search_is_told_as_its_nodes_say(width: int) -> None:
    run, label = translators(), "gru"
    chosen, spec = analysis.task_of(run), run.experiment.model(label)
    weights = run.model_frame(label).weights
    for text in ("abc", "cc", "bacb"):
        codes = chosen.read(text)
        greedy = translate(spec, chosen, weights, codes)
        found = search(spec, chosen, weights, codes, width)
        told = analysis.searched(chosen, found, greedy["classes"])
        assert told.outputs[0].text == chosen.write(found["classes"])
        assert [one.logp for one in told.outputs] == sorted((one.logp for one in told.outputs), reverse=True)
        assert [found["place"][node] for node in told.winner] == list(found["classes"])
        chances = [analysis.probability_of(found, node) for node in told.winner]
        assert math.prod(chances) == pytest.approx(math.exp(told.outputs[0].logp))
        assert [found["place"][node] for node in told.greedy] == list(greedy["classes"][: len(told.greedy)])
        if width == 1:
            assert told.differs is None and told.winner == told.greedy
            assert analysis.logarithm(greedy) == pytest.approx(told.outputs[0].logp, abs=1e-4)


def test_where_two_outputs_part() -> None:
    run = translators()
    chosen, spec = analysis.task_of(run), run.experiment.model("gru")
    found = search(spec, chosen, run.model_frame("gru").weights, chosen.read("abc"), 3)
    best = found["classes"]
    other = best.copy()
    other[-1] = (other[-1] + 1) % chosen.output_size
    assert analysis.searched(chosen, found, other).differs == len(best) - 1
    assert analysis.searched(chosen, found, best[:-1]).differs == len(best) - 1
    assert analysis.searched(chosen, found, best).differs is None


def test_the_length_experiment_is_all_cells_with_attention_and_without() -> None:
    found = length_experiment()
    assert found.labels == ("rnn", "rnn-without", "lstm", "lstm-without", "gru", "gru-without")
    for with_, without in zip(found.models[::2], found.models[1::2], strict=True):
        assert dataclasses.replace(with_, attention=None) == without
    assert Experiment.from_query(found.to_query()) == found
    edges = [high for _, high in found.task.lengths]  # type: ignore[attr-defined]
    assert LENGTH in edges and edges[-1] == 2 * LENGTH  # so no group holds both what is trained on and what is longer
