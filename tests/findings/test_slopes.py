"""The factor per step back, its cause, what is out of reach, and clipping: on runs that call for them, else nothing."""

import dataclasses
import functools
import re

import numpy as np
import pytest

from rnnviz import findings as told
from rnnviz.analysis.diagnoses import Fate
from rnnviz.cells import CELLS
from rnnviz.findings import Finding, causes, findings
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task
from tests.support.runs import at, norms, small_run

LAST = 12
GUESS = small_run().experiment.task.baseline


def _factor(text: str) -> float:
    """The factor that is told, wherever it stands."""
    told = re.search(r"(?:by about |×)([\d.]+\d)", text)
    assert told is not None
    return float(told[1])


@functools.cache
def scaled(sigma: float, activation: str = "tanh", length: int = 50, steps: int = 1) -> Run:
    """A real RNN whose first W_hh stretches everything by `sigma`."""
    from rnnviz.nn.train.training import run

    model = ModelSpec("rnn", activation=activation, init="scaled", sigma_max=sigma)
    return run(Experiment(task("adding", length=length), (model,), TrainingSpec(steps=steps)))


def _kinds(run: Run, step: int = -1) -> list[str]:
    return [finding.kind for finding in findings(run, step)]


def _only(run: Run, kind: str, step: int = -1) -> Finding:
    (found,) = (finding for finding in findings(run, step) if finding.kind == kind)
    return found


def _with(label: str, gate: str, mean: float, factor: float) -> Run:
    """A run in which one model's gradient shrinks by a factor, with a gate of such a mean."""
    run = small_run()
    model = run.model_frame(label, LAST)
    trace = model.trace | {gate: np.full_like(model.trace[gate], mean)}
    even = norms(*(factor ** (11 - t) for t in range(12)))
    others = {other: None for other in ("rnn", "lstm", "gru") if other != label}
    return at(run, LAST, **{label: {"trace": trace, **even}}, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sigma", "kind", "words"),
    [
        (0.5, "vanishing", r"RNN: vanishing gradient\. .* by about 0\.\d\d\. Reason: the largest .* of W_hh is only 0"),
        (1.0, "fading", r"RNN: the gradient shrinks only a little per time step \(×0\.9\d\)\. Reason: .* W_hh is 1"),
        (2.0, "exploding", r"RNN: exploding gradient\. .* it by about 1\.\d\d\. Reason: the largest .* W_hh is 2\.00"),
    ],
)
def test_small_one_and_large_singular_values_vanish_carry_and_explode(sigma: float, kind: str, words: str) -> None:
    run = scaled(sigma)
    finding = _only(run, kind, 0)
    assert re.search(words, finding.text)
    assert not ({"vanishing", "carrying", "exploding", "shrinking", "fading"} - {kind}) & set(_kinds(run, 0))
    measured = run.frame(0).models["rnn"].hidden_grad_norm[0, 0]
    slope = np.exp(np.polyfit(np.arange(50), np.log(measured[::-1].astype(np.float64)), 1)[0])
    assert _factor(finding.text) == pytest.approx(slope, rel=0.05)
    assert finding.evidence["rnn factor"] == pytest.approx(slope, rel=1e-6)
    assert finding.evidence["rnn largest singular value"] == pytest.approx(sigma, rel=1e-5)
    assert finding.view == "gradients"


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_a_cause_that_is_named_accounts_for_the_factor(sigma: float, activation: str) -> None:
    (finding,) = told.slopes(scaled(sigma, activation).at(0))
    name = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ"}[activation]
    said = re.search(
        rf"(?:about |×)(\d+\.\d+)\)?\. Reason: .* W_hh is (only )?([\d.]+) and the typical slope of {name} (\d\.\d+)",
        finding.text,
    )
    assert said
    factor, largest, slope = (float(said[group]) for group in (1, 3, 4))
    assert largest * slope == pytest.approx(factor, rel=0.12)
    assert bool(said[2]) == (sigma < 1)
    assert (" (1/4 at most)." in finding.text) == (activation == "sigmoid")


def _cause(factor: float, slope: float, sigma: float, activation: str) -> str:
    """What is said of a simple RNN all of whose slopes are the same, on average."""
    values = {
        "tanh": np.full((4, 2, 10), np.sqrt(1 - slope)),
        "relu": np.arange(80.0).reshape(4, 2, 10) % 10 < 10 * slope,
        "sigmoid": np.full((4, 2, 10), (1 + np.sqrt(1 - 4 * min(slope, 0.25))) / 2),
    }[activation]
    fate = Fate("vanishing" if factor < 0.85 else "carrying", factor)
    return causes.of(fate, CELLS["rnn"], {"hidden": values}, activation, sigma)[0]


def test_what_does_not_account_for_the_factor_is_not_called_its_cause() -> None:
    assert _cause(0.25, 0.17, 5.8, "tanh") == ""
    assert _cause(0.3, 0.9, 0.5, "tanh") == (
        " Reason: one time step back multiplies it by at most 0.50, the largest singular value of W_hh."
    )
    assert _cause(0.3, 0.2, 2.0, "sigmoid") == (
        " Reason: one time step back multiplies it by at most 0.50. That is the largest singular value of W_hh (2.00) "
        "times 1/4, the largest slope of σ."
    )
    assert _cause(0.97, 0.1, 1.0, "relu") == " Its units are 0 at 90 % of the time steps."


@pytest.mark.parametrize("factor", [0.012, 0.0456, 0.101, 0.237, 0.484, 0.5])
def test_the_factor_is_written_to_within_5_percent(factor: float) -> None:
    run = at(small_run(), LAST, rnn=norms(*(factor ** (11 - t) for t in range(12))), lstm=None, gru=None)
    assert _factor(_only(run, "vanishing").text) == pytest.approx(factor, rel=0.05)


@pytest.mark.parametrize(("label", "gate"), [("lstm", "forget_gate"), ("gru", "update_gate")])
def test_a_gate_is_the_cause_only_where_it_explains_the_factor(label: str, gate: str) -> None:
    because = _only(_with(label, gate, 0.51, 0.5), "vanishing")
    assert re.search(r"by about 0\.50\. Reason: its mean (forget|update) gate.* is 0\.51\.", because.text)
    beside = _only(_with(label, gate, 0.6, 0.5), "vanishing")
    assert ("vanishing gradient ∂L/∂h." if label == "lstm" else "vanishing gradient.") in beside.text
    assert beside.text.endswith("Each time step back multiplies it by about 0.50.")
    carried = _only(_with(label, gate, 0.97, 0.98), "carrying")
    assert carried.text.endswith(" is 0.97 on average in its most open unit.")


def test_a_gate_is_not_the_cause_where_many_units_are_saturated() -> None:
    """Whatever reaches h passes the slope of tanh(c), too, whatever the forget gate is."""
    run = _with("lstm", "forget_gate", 0.51, 0.5)
    assert "Reason: its mean forget gate" in _only(run, "vanishing").text
    model = run.model_frame("lstm", LAST)
    values = np.where(np.arange(model.trace["cell"].shape[-1]) % 3 == 0, 4.0, model.trace["cell"])
    squashed = at(run, LAST, lstm={"trace": model.trace | {"cell": values.astype(np.float16)}})
    assert _only(squashed, "vanishing").text.endswith("multiplies it by about 0.50.")
    assert "saturated" in _kinds(squashed)


def test_a_short_way_is_no_excuse() -> None:
    finding = _only(_with("lstm", "forget_gate", 0.72, 0.7), "shrinking")
    assert finding.text == (
        "LSTM: the gradient ∂L/∂h shrinks. Each time step back multiplies it by about 0.70. Reason: its mean "
        "forget gate "
        "is 0.72."
    )
    assert "shrinking" not in _kinds(_with("lstm", "forget_gate", 0.72, 0.9))


def test_gradients_that_cannot_be_told_are_not_judged() -> None:
    nothing = norms(*[0.0] * 12)
    run = at(small_run(), LAST, rnn=nothing, lstm=norms(*[float("nan")] * 12), gru=nothing)
    assert not told.slopes(run.at())
    assert not told.slopes(small_run("waves").at())


def _failing(name: str, score: float, **ratios: float) -> Run:
    """A run whose models have one score, and gradients that change by these factors."""
    run = small_run(name)
    time = run.experiment.task.steps
    even = {label: norms(*(factor ** (time - 1 - t) for t in range(time))) for label, factor in ratios.items()}
    even["lstm"]["cell_grad_norm"] = even["lstm"]["hidden_grad_norm"]
    return at(run, LAST, **{label: change | {"score": score} for label, change in even.items()})  # type: ignore[arg-type]


def test_what_lies_beyond_the_memory_horizon() -> None:
    finding = _only(_failing("recall", 12.5, rnn=0.1, lstm=0.25, gru=0.9), "beyond_horizon")
    assert finding.text == (
        "The RNN and the LSTM must remember the letter to name for 6 time steps. Their gradients are gone 4 and "
        "5 time steps back. They have not learned this."
    )
    assert finding.evidence == {"rnn": 4, "lstm": 5, "steps back": 6}
    assert told.beyond_horizon(_failing("adding", GUESS, rnn=0.3, lstm=0.9, gru=0.9).at()) is None  # gone just there
    adding = _only(_failing("adding", GUESS, rnn=0.2, lstm=0.9, gru=0.9), "beyond_horizon")
    assert adding.text.startswith(
        "The RNN must remember the first marked number for 6–11 time steps. Its gradient is gone"
    )


def test_how_far_a_gradient_reaches_is_one_number_wherever_it_is_told() -> None:
    run = _failing("recall", 12.5, rnn=0.2, lstm=0.9, gru=0.9)
    assert "is left after 5 time steps" in _only(run, "reach").text
    assert "Its gradient is gone 5 time steps back." in _only(run, "beyond_horizon").text


def test_what_an_lstm_keeps_in_its_cell_state_is_within_its_horizon() -> None:
    run = _failing("recall", 12.5, rnn=0.9, lstm=0.1, gru=0.9)
    further = norms(*(0.2 ** np.arange(run.experiment.task.steps)[::-1]))["hidden_grad_norm"]
    said = told.beyond_horizon(at(run, LAST, lstm={"cell_grad_norm": further}).at())
    assert said is not None and "Its gradient is gone 4 (∂L/∂c 5) time steps back." in said.text
    assert told.beyond_horizon(run.at()) is not None
    kept = norms(*[1.0] * run.experiment.task.steps)["hidden_grad_norm"]
    assert told.beyond_horizon(at(run, LAST, lstm={"cell_grad_norm": kept}).at()) is None


def test_nothing_is_beyond_the_horizon_of_who_learned_or_reaches_or_has_not_begun() -> None:
    assert told.beyond_horizon(_failing("recall", 100.0, rnn=0.3, lstm=0.3, gru=0.3).at()) is None
    assert told.beyond_horizon(_failing("recall", 12.5, rnn=0.9, lstm=0.9, gru=0.9).at()) is None
    failing = _failing("recall", 12.5, rnn=0.3, lstm=0.3, gru=0.3)
    assert told.beyond_horizon(Run(failing.experiment, [dataclasses.replace(failing.frames[0], step=0)]).at()) is None
    assert told.beyond_horizon(small_run("waves").at()) is None


def _clipped(share: float, steps: int = 40, clip: float | None = 1.0) -> Run:
    run = small_run()
    sizes = np.where(np.arange(steps) < share * steps, 2.0, 0.5).astype(np.float32)
    models = {label: run.model_frame(label, LAST).replace(grad_norms=sizes) for label in ("rnn", "gru")}
    models["gru"] = models["gru"].replace(grad_norms=np.full(steps, 0.5, np.float32))
    training = TrainingSpec(steps=100, clip=clip)
    return Run(dataclasses.replace(run.experiment, training=training), [Frame(steps - 1, models, {})])


def test_clipping_that_is_often_active() -> None:
    finding = told.clipping(_clipped(0.375).at())
    assert finding is not None
    assert finding.text == "Clipped to 1 so far, of all training steps: RNN 38 %."
    assert finding.evidence == {"rnn share of steps": pytest.approx(15 / 39)}  # the last gradient changed no weight


def test_the_gradient_after_the_last_update_is_not_counted() -> None:
    run = _clipped(0.0, steps=41)
    model = run.frames[0].models["rnn"]
    late = model.replace(grad_norms=np.where(np.arange(41) < 4, 2.0, np.where(np.arange(41) == 40, 9.0, 0.5)))
    finding = told.clipping(Run(run.experiment, [Frame(40, {"rnn": late}, {})]).at())
    assert finding is not None and finding.evidence == {"rnn share of steps": 0.1}


def test_of_a_branch_the_steps_since_it_began_are_counted() -> None:
    run = _clipped(0.0, steps=41)
    late = run.frames[0].models["rnn"].replace(grad_norms=np.where(np.arange(41) % 10 == 0, 2.0, 0.5))
    finding = told.clipping(Run(run.experiment, [Frame(500, {"rnn": late}, {})]).at())
    assert finding is not None and finding.evidence == {"rnn share of steps": 0.1}  # 4 of 40, without the last
    short = late.replace(grad_norms=np.full(5, 2.0))
    assert told.clipping(Run(run.experiment, [Frame(500, {"rnn": short}, {})]).at()) is None


def test_clipping_that_is_rare_or_off_or_just_begun_is_not_told() -> None:
    assert told.clipping(_clipped(0.05).at()) is None
    assert told.clipping(_clipped(1.0, steps=5).at()) is None
    assert told.clipping(_clipped(1.0, clip=None).at()) is None


def test_a_real_run_that_is_clipped() -> None:
    assert "Clipped to 1, of all training steps: RNN 100 %." in [
        finding.text for finding in findings(scaled(2.0, steps=30))
    ]


def test_of_sequences_that_end_at_different_steps_no_way_back_is_told() -> None:
    from rnnviz.nn.train.training import run

    whole = run(Experiment(task("sentiment"), training=TrainingSpec(steps=2, batch=4)))
    assert "gradients" not in {one.view for one in findings(whole, 2) if one.kind != "over"}
