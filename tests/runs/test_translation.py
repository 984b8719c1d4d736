"""`Run.translate`: what a model of a run writes to a text of one's own, and what it refuses."""

from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.runs.translation import Decoding
from tests.support.tasks import task

TASK = task("reverse", length=5, letters=4)
MODELS = (
    rv.ModelSpec("gru", 12, bidirectional=True, attention="additive"),
    rv.ModelSpec("gru", 12, bidirectional=True),
    rv.ModelSpec("lstm", 12, attention="dot"),
)
LABELS = ("gru", "gru-without", "lstm")


@pytest.fixture(scope="module")
def run() -> rv.Run:
    return rv.run(rv.Experiment(TASK, MODELS, rv.TrainingSpec(30, 16, lr=1e-2, device="cpu")))


@pytest.mark.parametrize("beam", [1, 2, 12])
@pytest.mark.parametrize("label", LABELS)
def test_an_output_is_a_text_that_knows_how_it_came_about(run: rv.Run, label: str, beam: int) -> None:
    found = run.translate("abca", model=label, beam=beam)
    assert isinstance(found, str) and found == "".join(found.tokens).removesuffix("■")
    assert found.inputs == tuple("abca") and found.ended == (found.tokens[-1] == "■")
    assert found.answers.shape == (len(found.tokens), 5) and found.answers.dtype == np.float32
    np.testing.assert_allclose(found.answers.sum(-1), 1, atol=1e-5)
    places = [("■", *TASK.symbols).index(token) for token in found.tokens]
    np.testing.assert_array_equal(found.probabilities, found.answers[np.arange(len(places)), places])
    assert found.logp == pytest.approx(np.log(found.probabilities.astype(float)).sum(), abs=1e-4)
    assert found.beams[0].text == found and found.beams[0].logp == found.logp
    assert len(found.beams) <= beam and [b.logp for b in found.beams] == sorted(
        (b.logp for b in found.beams), reverse=True
    )
    if label == "gru-without":
        assert found.attention is None
        return
    assert found.attention.dims == ("output_time", "input_time")
    assert list(found.attention.input.values) == list("abca")
    assert list(found.attention.output.values) == list(found.tokens)
    np.testing.assert_allclose(found.attention.sum("input_time"), 1, atol=1e-5)


def test_it_is_written_under_the_weights_of_the_step(run: rv.Run) -> None:
    probabilities = [run.translate("abc", model="gru", step=step).probabilities[0] for step in (0, 10, 30)]
    assert len(set(map(float, probabilities))) == 3
    assert run.translate("abc", "gru", 30).logp == run.translate("abc", "gru").logp


def test_on_its_own_probes_it_writes_what_the_frame_says(run: rv.Run) -> None:
    for label in LABELS:
        written = run.frame().models[label].translated["written"]
        for sample, (_, text, _) in enumerate(TASK.examples()):
            assert run.translate(text, model=label) == TASK.write(written[:, sample])


def test_the_last_digit_of_logp_is_there_even_for_what_is_all_but_impossible(run: rv.Run) -> None:
    found = [run.translate("abca", "gru", how=Decoding(temperature=5.0, seed=seed)) for seed in range(10)]
    assert all(np.isfinite(one.logp) for one in found) and len(set(found)) > 1


def refused(run: rv.Run, field: str, text: Any = "abc", **more: Any) -> str:
    with pytest.raises(rv.ExperimentError) as error:
        run.translate(text, **{"model": "gru", **more})
    assert error.value.field == field
    return str(error.value)


def test_what_it_refuses_it_names(run: rv.Run) -> None:
    assert "1 to 10 characters" in refused(run, "input", "")
    assert "1 to 10 characters" in refused(run, "input", "abcdabcdabc")
    assert "a to d" in refused(run, "input", "abz")
    for beam in (0, 13, -3, 1.5, "2", True):
        assert "a whole number from 1 to 12" in refused(run, "beam", beam=beam)
        assert "a whole number from 1 to 12" in refused(run, "beam", beam=beam, how=Decoding())
    assert "beam is more than 1" in refused(run, "how", beam=2, how=Decoding())
    assert "3 input symbols" in refused(run, "forced", how=Decoding(forced=((0, (1.0,)),)))
    for text in (None, 5, b"abc", ["a"]):
        assert "input must be a text; got" in refused(run, "input", text)
    for step in (None, "1", float("nan"), 1.5, True):
        assert "step must be a whole number" in refused(run, "step", step=step)
    for how in (5, "x", Decoding, {}, ()):
        assert "how must be a Decoding, or none" in refused(run, "how", how=how)
    with pytest.raises(LookupError, match="model must be one of gru, gru-without, lstm; got 'elman'"):
        run.translate("abc", model="elman")
    with pytest.raises(LookupError, match="no frames yet"):
        rv.Run(run.experiment).translate("abc", model="gru")


def test_a_task_that_is_not_answered_by_sequences_is_refused() -> None:
    other = rv.run(rv.Experiment(rv.task("recall", lag=4), (rv.ModelSpec("gru", 3),), rv.TrainingSpec(1, 2)))
    assert "answered by sequences" in refused(other, "task", "ab")


def test_attention_can_be_forced_and_taken_away(run: rv.Run) -> None:
    forced = run.translate("abc", "gru", how=Decoding(forced=((0, (0.0, 1.0, 0.0)),)))
    assert forced.attention.values[0].tolist() == [0, 1, 0]
    assert not run.translate("abc", "gru", how=Decoding(take_away=True)).attention.any()
