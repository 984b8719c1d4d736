"""Sentences on how far gradients reach: on runs that call for them, and none on those that do not."""

import math

import pytest

from rnnviz import findings as told
from rnnviz.findings import findings
from rnnviz.runs.run import Run
from tests.support.runs import at, norms, small_run

LAST = 12


def _reaching(**ratios: float) -> Run:
    """A run whose models' gradients change by this factor at every step back."""
    even = {label: norms(*(factor ** (11 - t) for t in range(12))) for label, factor in ratios.items()}
    return at(small_run(), LAST, **even)  # type: ignore[arg-type]


def test_how_far_each_gradient_reaches() -> None:
    finding = told.gradients(_reaching(rnn=0.4, lstm=0.86, gru=1.0).at())
    assert finding is not None
    assert finding.text == (
        "Going back in time from the last time step: RNN – less than 1/1000 of the gradient ∂L/∂h is left after 8 time "
        "steps. LSTM – 1/5 reaches the beginning. GRU – about all."
    )
    assert finding.evidence["rnn has fallen to a thousandth"] == 8
    assert finding.evidence["lstm still reaches the first step"] == pytest.approx(0.86**11, rel=1e-5)


def test_gone_is_gone_for_good() -> None:
    late = [1e-9] * 4 + [0.5] + [1e-9] * 6 + [1.0]  # time step 5 of 12 is 7 steps back
    finding = told.gradients(at(small_run(), LAST, rnn=norms(*late), lstm=None, gru=None).at())
    assert finding is not None
    assert finding.text.endswith(": RNN – less than 1/1000 of the gradient ∂L/∂h is left after 8 time steps.")


def test_a_gradient_of_exactly_nothing() -> None:
    run = at(small_run(), LAST, rnn=norms(*[0.0] * 11, 1.0), lstm=norms(*[0.0] * 12), gru=norms(*[math.nan] * 12))
    finding = told.gradients(run.at())
    assert finding is not None
    assert finding.text.endswith(": RNN – less than 1/1000 of the gradient ∂L/∂h is left after 1 time step.")


def test_a_gradient_that_grows() -> None:
    finding = told.gradients(_reaching(rnn=1.5, lstm=3.0, gru=1.0).at())
    assert finding is not None
    assert finding.text == (
        "Going back in time from the last time step: GRU – about all of the gradient ∂L/∂h reaches the "
        "beginning. RNN – "
        "at the beginning it is 86 times as large. LSTM – at the beginning it is more than 10,000 times as large."
    )


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (5.0, "about 5 times as much"),
        (0.9, "about all"),
        (0.7, "2/3"),
        (0.5, "1/2"),
        (0.1, "1/10"),
        (0.02, "1/50"),
        (0.0025, "1/400"),
    ],
)
def test_sizes_in_words(ratio: float, words: str) -> None:
    finding = told.gradients(at(small_run(), LAST, rnn=norms(ratio, *[1.0] * 11), lstm=None, gru=None).at())
    assert finding is not None
    assert finding.text.endswith(f": RNN – {words} of the gradient ∂L/∂h reaches the beginning.")


def test_where_every_step_has_an_answer_nothing_is_said_about_reach() -> None:
    assert told.gradients(small_run("waves").at()) is None


def test_of_a_long_sequence_the_first_steps_are_told_of_and_not_one_that_sticks_out() -> None:
    run = small_run()
    finding = told.gradients(at(run, LAST, lstm=norms(0.4, *[0.05] * 48, 1.0)).at())
    assert finding is not None
    assert "LSTM – 1/20." in finding.text
    assert finding.evidence["lstm still reaches the first steps"] == pytest.approx(0.05, rel=1e-3)
    slope = next(one for one in findings(at(run, LAST, lstm=norms(0.055, *[0.05] * 48, 1.0))) if one.kind == "fading")
    said = (
        "LSTM: ∂L/∂h falls to 1/20 of its size within 1 time step of going back. Each further time step back multiplies"
    )
    assert slope.text.startswith(said)
    gaps = told.gradients(at(run, LAST, lstm=norms(0.4, *[0.0] * 48, 1.0)).at())
    assert gaps is not None and "LSTM – 1/2 " in gaps.text


def test_gradients_that_reach_as_far_are_told_in_one_breath() -> None:
    finding = told.gradients(_reaching(rnn=0.4, lstm=0.88, gru=0.88).at())
    assert finding is not None
    assert finding.text == (
        "Going back in time from the last time step: RNN – less than 1/1000 of the gradient ∂L/∂h is left after 8 time "
        "steps. LSTM and GRU – 1/4 reaches the beginning."
    )
    alone = told.gradients(_reaching(rnn=1.0, lstm=0.88, gru=0.88).at())
    assert alone is not None
    assert alone.text == (
        "Going back in time from the last time step: RNN – about all of the gradient ∂L/∂h reaches the beginning. LSTM "
        "and GRU – 1/4."
    )
    both = told.gradients(_reaching(rnn=0.4, lstm=0.4, gru=0.4).at())
    assert both is not None
    assert both.text.endswith(
        ": RNN, LSTM and GRU – less than 1/1000 of the gradient ∂L/∂h is left after 8 time steps."
    )


def test_where_all_sequences_are_over_there_is_no_gradient_and_that_is_said() -> None:
    run = small_run("throws", 2)
    (finding,) = (one for one in findings(run) if one.kind == "over")
    norms = run.frames[-1].models["gru"].hidden_grad_norm[-1, 0]
    last = int(finding.evidence["last step"])
    assert norms[last - 1] > 0 and not norms[last:].any() and last < len(norms)
    assert finding.text == f"After time step {last} no sequence of this batch has an answer left, so ∂L/∂h is 0 there."
    assert not any(one.kind == "over" for name in ("adding", "waves") for one in findings(small_run(name)))
