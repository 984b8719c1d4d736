"""What is said of encoder–decoders: on runs bent to call for it, else nothing."""

import dataclasses

import numpy as np
import pytest

from rnnviz.findings import ORDER, Finding, findings, of_states
from rnnviz.findings import translation as told
from rnnviz.findings.units import real
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from tests.analysis.test_translating_analysis import STEPS, bent, translators
from tests.support.runs import small_run
from tests.support.tasks import task

SCORES = {"gru": 90.0, "gru-without": 40.0}


def _scored(run: Run, scores: dict[str, float] | None = None) -> Run:
    """The run with other scores at its last step."""
    last, scores = run.frames[-1], scores or SCORES
    models = {label: model.replace(score=scores[label]) for label, model in last.models.items()}
    return Run(run.experiment, [run.frames[0], Frame(last.step, models, {})])


def _lengths(*scores: float) -> dict[str, np.ndarray]:
    return {"by_length": np.array(scores, np.float32)}


def _losses(fed: float, free: float) -> dict[str, np.ndarray]:
    return {"held_out_loss": np.array([fed, free], np.float32)}


def _text(finding: Finding | None) -> str:
    assert finding is not None and finding.evidence and finding.kind in ORDER
    return finding.text


def test_every_finding_on_a_real_run_has_a_kind_that_is_ordered_and_numbers() -> None:
    for step in translators().steps:
        for finding in findings(translators(), step):
            assert finding.kind in ORDER and finding.evidence
            assert "nan" not in finding.text and finding.text[0].isupper() and finding.text.endswith(".")
    assert not told.of_sequences(translators().at(0))
    assert not told.of_sequences(small_run().at())


def test_long_inputs_with_attention_and_without() -> None:
    lengths = translators().experiment.task.lengths  # type: ignore[attr-defined]
    many = [100.0] * len(lengths)
    run = bent(translators(), gru=_lengths(*many), gru_without=_lengths(*(0.0 for _ in many)))
    assert _text(told.long_inputs(run.at())).endswith(
        "test inputs of 4 characters the GRU writes 100 % right (0 % without attention)."
    )
    assert "longer than trained on (5 to 8 characters)" in _text(told.longer_inputs(run.at()))
    same = bent(translators(), gru=_lengths(*(50.0 for _ in many)), gru_without=_lengths(*(50.0 for _ in many)))
    assert _text(told.long_inputs(same.at())).endswith("(50 % without attention). No clear difference.")
    none = bent(translators(), gru=_lengths(*(0.0 for _ in many)), gru_without=_lengths(*(0.0 for _ in many)))
    assert told.long_inputs(none.at()) is None


def test_a_model_with_attention_that_has_no_twin_is_not_left_out() -> None:
    many = [100.0] * len(translators().experiment.task.lengths)  # type: ignore[attr-defined]
    run = bent(translators(), gru=_lengths(*many), gru_without=_lengths(*(0.0 for _ in many)))
    models = run.frames[-1].models
    three = (*run.experiment.models, dataclasses.replace(run.experiment.models[0], cell="rnn"))
    frame = Frame(STEPS, models | {"rnn": models["gru"]}, {})
    third = Run(dataclasses.replace(run.experiment, models=three), [frame])
    text = _text(told.long_inputs(third.at()))
    assert text.endswith("the GRU writes 100 % right (0 % without attention). The RNN, also with attention: 100 %.")


def test_a_difference_that_chance_makes_is_none() -> None:
    few, many = (lambda score: told.Group(1, 2, 8, score)), (lambda score: told.Group(1, 2, 800, score))  # type: ignore[attr-defined]
    assert not told.differs(few(50), few(75)) and told.differs(many(50), many(75))  # type: ignore[no-untyped-call]
    assert not told.differs(many(0), many(0)) and not told.differs(few(100), few(100))  # type: ignore[no-untyped-call]


def test_running_free_costs_one_and_spares_the_other() -> None:
    run = _scored(bent(translators(), gru=_losses(0.1, 0.11), gru_without=_losses(0.5, 1.5)))
    text = _text(told.exposure_gap(run.at()))
    assert "raises the loss of the GRU without attention. Its held-out loss per symbol goes from 0.50 to 1.50." in text
    assert text.endswith("For the GRU it changes little.")


def test_a_word_is_said_on_every_model_and_losses_have_two_digits_as_in_the_table() -> None:
    run = _scored(bent(translators(), gru=_losses(0.05, 0.11), gru_without=_losses(0.92, 1.04)))
    assert _text(told.exposure_gap(run.at())) == (
        "Reading its own output in place of the right answer raises the loss of the GRU without attention. Its "
        "held-out "
        "loss per symbol goes from 0.92 to 1.04. That of the GRU goes from 0.05 to 0.11."
    )
    idle = bent(translators(), gru=_losses(0.05, 0.11), gru_without=_losses(2.0, 2.0))
    text = _text(told.exposure_gap(_scored(idle, {"gru": 90.0, "gru-without": 0.0}).at()))
    assert text.endswith("from 0.05 to 0.11. The GRU without attention has learned little so far.")


def test_running_free_may_lower_a_loss() -> None:
    run = _scored(bent(translators(), gru=_losses(0.9, 0.5), gru_without=_losses(0.5, 0.5)))
    text = _text(told.exposure_gap(run.at()))
    assert (
        "lowers the loss of the GRU. Its held-out loss per symbol goes from 0.90 to 0.50. For the GRU without" in text
    )


def test_running_free_costs_nobody() -> None:
    run = _scored(bent(translators(), gru=_losses(0.1, 0.11), gru_without=_losses(0.5, 0.52)))
    assert "do about as well" in _text(told.exposure_gap(run.at()))
    idle = _scored(run, {"gru": 0.0, "gru-without": 0.0})
    assert told.exposure_gap(idle.at()) is None


def test_errors_that_lead_to_errors() -> None:
    fed, free = [100.0] * 5, [100, 95, 60, 60, 60]
    run = _scored(bent(translators(), gru={"by_position": np.array([fed, free], np.float32)}))
    text = _text(told.piling_up(run.at()))
    assert text == (
        "Errors lead to errors. Running free costs the GRU 2.5 percentage points of right symbols in the first half. "
        "In the second half it costs 40. Running free means: it reads its own output in place of the right answer."
    )
    assert told.even(run.at()) is None


def test_errors_pile_up_also_where_no_whole_output_is_right() -> None:
    fed, free = [90.0, 90.0, 90.0, 90.0, np.nan], [90.0, 90.0, 30.0, 20.0, np.nan]
    pair = {"by_position": np.array([fed, free], np.float32)}
    run = _scored(bent(translators(), gru_without=pair), {"gru": 100.0, "gru-without": 0.0})
    assert "the GRU without attention" in _text(told.piling_up(run.at()))
    assert told.even(run.at()) is None


def test_errors_that_do_not_pile_up_are_told_with_their_numbers() -> None:
    fed = [100.0, 100.0, 100.0, 100.0, np.nan]
    even, none, gain = (
        {"by_position": np.array([fed, [at, at, at, at, np.nan]], np.float32)} for at in (60.0, 99.0, 101.0)
    )
    run = _scored(bent(translators(), gru=even, gru_without=even))
    assert told.piling_up(run.at()) is None
    assert _text(told.even(run.at())) == (
        "Running free costs the GRU 40 percentage points of right symbols in the first half. In the second half it "
        "costs 40. The GRU without attention: 40 and 40. Running free means: it reads its own output in place of the "
        "right answer. It is not clearly more in the second half."
    )
    text = _text(told.even(_scored(bent(translators(), gru=none, gru_without=gain)).at()))
    assert text.startswith("No clear cost in either half. Running free costs the GRU")
    assert text.endswith(" Below 0: better running free.")
    assert told.even(_scored(run, {"gru": 0.0, "gru-without": 0.0}).at()) is None


@pytest.mark.parametrize(("part", "word"), [(0.4, "sharpened"), (1.0, None), (1.5, "flattened")])
def test_attention_that_sharpens_or_flattens(part: float, word: str | None) -> None:
    before = translators().model_frame("gru", 0).translated["alignment"]
    found = told.sharpened(bent(translators(), gru={"alignment": before * np.float32(part)}).at())
    assert (found is None) == (word is None)
    if word is not None:
        assert _text(found).startswith(f"Attention has {word}: the entropy of its weights went in the GRU from")


def test_how_much_gradient_gets_back_to_the_first_symbol() -> None:
    run = translators()
    last = run.frames[-1]
    models = {}
    for label, first in (("gru", 2.0), ("gru-without", 0.0005)):
        norms = np.ones_like(last.models[label].hidden_grad_norm)
        norms[..., 0] = first
        models[label] = last.models[label].replace(hidden_grad_norm=norms)
    finding = told.reach_into_input(Run(run.experiment, [run.frames[0], Frame(STEPS, models, {})]).at())
    assert _text(finding) == (
        "At the first input symbol ∂L/∂h has 2.0 times its size in the GRU (less than 0.1 % without attention). "
        "This is compared with its size at the decoder’s first output position."
    )
    assert finding is not None and finding.view == "gradients"


def test_states_on_padding_and_missing_directions_are_left_out() -> None:
    values = np.full((1, 2, 5, 3, 4), np.nan, np.float16)
    values[:, 0, :3, 0], values[:, 0, :2, 1], values[:, 0, :5, 2] = 1, 2, 3
    kept = real(values)
    assert kept.shape == (1, 1, 10, 1, 4) and np.isfinite(kept).all()
    assert sorted(np.unique(kept[..., 0], return_counts=True)[1]) == [2, 3, 5]
    assert not real(np.full((1, 1, 2, 2, 3), np.nan)).size


def test_units_are_judged_half_by_half() -> None:
    run = translators()
    last, steps = run.frames[-1], run.experiment.task.input_steps  # type: ignore[attr-defined]
    gate = last.models["gru"].trace["update_gate"].copy()
    gate[:, :, steps:] = np.where(np.isnan(gate[:, :, steps:]), gate[:, :, steps:], np.float16(0.99))
    model = last.models["gru"].replace(trace=last.models["gru"].trace | {"update_gate": gate}, score=90.0)
    bent_run = Run(run.experiment, [Frame(STEPS, {"gru": model}, {})])
    (finding,) = (one for one in findings(bent_run) if one.kind == "stuck_gates")
    assert finding.text.startswith("The update gate of the decoder of the GRU is stuck open (0.99 on average)")


def test_a_decoder_of_another_cell_is_judged_by_its_own_gates() -> None:
    from rnnviz.nn.train.training import run

    models = (ModelSpec("rnn", 5, decoder="lstm", bidirectional=True, attention="additive"),)
    found = run(Experiment(task("sort", length=3, letters=3), models, TrainingSpec(steps=3, batch=4)))
    for step in found.steps:
        for finding in findings(found, step):
            assert "nan" not in finding.text
    assert any(one.kind == "unread_gates" for one in findings(found, 3))  # its decoder has gates


def test_a_name_that_is_long_comes_last() -> None:
    values = np.full((1, 1, 9, 3, 4), 0.999, np.float32)
    (first, *_) = of_states("the decoder of the RNN", "rnn", "tanh", {"hidden": values})
    assert first.text.startswith("4 of the 4 units of the decoder of the RNN are saturated")


def test_overfitting_is_told_of_the_loss_on_what_is_held_out() -> None:
    run = translators()
    frames = []
    for frame in run.frames:
        risen = _losses(0.2 + 0.05 * abs(frame.step - 20), 1.0)
        falling = np.full_like(frame.models["gru"].losses, 1.0 if frame.step <= 20 else 0.5)
        model = frame.models["gru"]
        model = model.replace(translated=model.translated | risen, losses=falling)
        frames.append(Frame(frame.step, {"gru": model}, {}))
    (finding,) = (one for one in findings(Run(run.experiment, frames)) if one.kind == "overfitting")
    assert "Its loss on held-out sequences has risen from 0.2 to 0.7" in finding.text
    coin = dataclasses.replace(
        run.experiment, training=dataclasses.replace(run.experiment.training, teacher_forcing=0.5)
    )
    assert not [one for one in findings(Run(coin, frames)) if one.kind == "overfitting"]
