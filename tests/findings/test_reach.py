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
        "Compared with the last step, "
        "the RNN’s gradient ∂L/∂h has fallen to a thousandth 8 steps back; the LSTM’s still reaches the first step "
        "with a fifth of its size and the GRU’s with about all of its size."
    )
    assert finding.evidence["rnn has fallen to a thousandth"] == 8
    assert finding.evidence["lstm still reaches the first step"] == pytest.approx(0.86**11, rel=1e-5)


def test_gone_is_gone_for_good() -> None:
    late = [1e-9] * 4 + [0.5] + [1e-9] * 6 + [1.0]  # time step 5 of 12 is 7 steps back
    finding = told.gradients(at(small_run(), LAST, rnn=norms(*late), lstm=None, gru=None).at())
    assert finding is not None
    assert (
        finding.text == "Compared with the last step, the RNN’s gradient ∂L/∂h has fallen to a thousandth 8 steps back."
    )


def test_a_gradient_of_exactly_nothing() -> None:
    run = at(small_run(), LAST, rnn=norms(*[0.0] * 11, 1.0), lstm=norms(*[0.0] * 12), gru=norms(*[math.nan] * 12))
    finding = told.gradients(run.at())
    assert finding is not None
    assert (
        finding.text == "Compared with the last step, the RNN’s gradient ∂L/∂h has fallen to a thousandth 1 step back."
    )


def test_a_gradient_that_grows() -> None:
    finding = told.gradients(_reaching(rnn=1.5, lstm=3.0, gru=1.0).at())
    assert finding is not None
    assert finding.text == (
        "Compared with the last step, "
        "the GRU’s gradient ∂L/∂h still reaches the first step with about all of its size; "
        "the RNN’s has grown, at the first step, to 86 times its size and the LSTM’s to more than 10,000 times its "
        "size."
    )


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (5.0, "about 5 times its size"),
        (0.9, "about all of its size"),
        (0.7, "two thirds of its size"),
        (0.5, "half of its size"),
        (0.1, "a tenth of its size"),
        (0.02, "1/50 of its size"),
        (0.0025, "1/400 of its size"),
    ],
)
def test_sizes_in_words(ratio: float, words: str) -> None:
    finding = told.gradients(at(small_run(), LAST, rnn=norms(ratio, *[1.0] * 11), lstm=None, gru=None).at())
    assert finding is not None
    assert (
        finding.text
        == f"Compared with the last step, the RNN’s gradient ∂L/∂h still reaches the first step with {words}."
    )


def test_where_every_step_has_an_answer_nothing_is_said_about_reach() -> None:
    assert told.gradients(small_run("waves").at()) is None


def test_of_a_long_sequence_the_first_steps_are_told_of_and_not_one_that_sticks_out() -> None:
    run = small_run()
    finding = told.gradients(at(run, LAST, lstm=norms(0.4, *[0.05] * 48, 1.0)).at())
    assert finding is not None
    assert "the LSTM’s still reaches the first steps with 1/20 of its size" in finding.text
    assert finding.evidence["lstm still reaches the first steps"] == pytest.approx(0.05, rel=1e-3)
    slope = next(one for one in findings(at(run, LAST, lstm=norms(0.055, *[0.05] * 48, 1.0))) if one.kind == "fading")
    said = "The LSTM’s gradient ∂L/∂h falls to 1/20 of its size over the first step back, then changes by ×1.00 with"
    assert slope.text.startswith(said)
    gaps = told.gradients(at(run, LAST, lstm=norms(0.4, *[0.0] * 48, 1.0)).at())
    assert gaps is not None and "the LSTM’s still reaches the first step with half of its size" in gaps.text


def test_gradients_that_reach_as_far_are_told_in_one_breath() -> None:
    finding = told.gradients(_reaching(rnn=0.4, lstm=0.88, gru=0.88).at())
    assert finding is not None
    assert finding.text == (
        "Compared with the last step, "
        "the RNN’s gradient ∂L/∂h has fallen to a thousandth 8 steps back; the LSTM’s and the GRU’s still reach the "
        "first step with a quarter of their size."
    )
    alone = told.gradients(_reaching(rnn=1.0, lstm=0.88, gru=0.88).at())
    assert alone is not None
    assert alone.text == (
        "Compared with the last step, "
        "the RNN’s gradient ∂L/∂h still reaches the first step with about all of its size and the LSTM’s and the "
        "GRU’s with a quarter of their size."
    )
    both = told.gradients(_reaching(rnn=0.4, lstm=0.4, gru=0.4).at())
    assert both is not None
    assert (
        both.text == "Compared with the last step, "
        "the RNN’s, the LSTM’s and the GRU’s gradients ∂L/∂h have fallen to a thousandth 8 steps back."
    )


def test_where_all_sequences_are_over_there_is_no_gradient_and_that_is_said() -> None:
    run = small_run("throws", 2)
    (finding,) = (one for one in findings(run) if one.kind == "over")
    norms = run.frames[-1].models["gru"].hidden_grad_norm[-1, 0]
    last = int(finding.evidence["last step"])
    assert norms[last - 1] > 0 and not norms[last:].any() and last < len(norms)
    assert finding.text == f"After time step {last} no sequence of this batch has an answer left, so ∂L/∂h is 0 there."
    assert not any(one.kind == "over" for name in ("adding", "waves") for one in findings(small_run(name)))
