"""Sentences on scores: on runs that call for them, and none on those that do not."""

import itertools
import math
import re
from pathlib import Path

import pytest

from rnnviz import findings as told
from rnnviz.findings import findings
from rnnviz.findings.finding import article
from rnnviz.findings.scores import UNTOLD, luck, verdict_of
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import task
from rnnviz.tasks.sentiment.reading import read_reviews
from tests.support.review_files import rows, table, write
from tests.support.runs import at, deep_run, small_run

GUESS = small_run().experiment.task.baseline
LAST = 12


def _scored(step: int = LAST, **scores: float) -> Run:
    """A run whose models have these scores, as parts of the error of guessing."""
    return at(small_run(), step, **{label: {"score": part * GUESS} for label, part in scores.items()})


def _score_text(run: Run) -> str:
    finding = told.scores(run.at())
    assert finding is not None
    return finding.text


def test_the_good_and_the_bad_in_one_sentence() -> None:
    text = _score_text(_scored(rnn=1.0, lstm=0.02, gru=0.005))
    guess = f"{GUESS:.3g} mean squared error"
    both = f"the LSTM ({0.02 * GUESS:.1g}) and the GRU ({0.005 * GUESS:.1g})"
    start = f"After 12 training steps {both} are far better than guessing"
    assert text == f"{start}. The RNN ({GUESS:.3g}) is no better than guessing. Guessing: {guess}."


def test_every_grade_has_its_clause() -> None:
    text = _score_text(_scored(rnn=1.3, lstm=0.94, gru=0.5))
    assert re.fullmatch(
        r"After 12 training steps the GRU \(.*\) is better than guessing\. "
        r"The LSTM \(.*\) is hardly better than guessing\. The RNN \(.*\) is worse than guessing\. Guessing: .*\.",
        text,
    )


def test_a_larger_error_than_that_of_guessing_is_worse_and_not_just_no_better() -> None:
    text = _score_text(_scored(rnn=1.44, lstm=1.02, gru=0.99))
    assert re.search(
        r"the LSTM \(.*\) and the GRU \(.*\) are not clearly better than guessing\. The RNN \(.*\) is worse than g",
        text,
    )
    finding = told.unread_gates(_scored(rnn=1.0, lstm=1.44, gru=0.01).at())
    assert finding is not None and finding.text.startswith("The LSTM has learned little or nothing")


def test_the_second_best_is_not_said_to_be_better_than_the_best() -> None:
    text = _score_text(_scored(rnn=1.0, lstm=0.5, gru=0.005))
    assert re.search(
        r"the GRU \(.*\) is far better than guessing\. The LSTM \(.*\) is also better than guessing\.", text
    )


def test_a_model_without_attention_has_an_article_and_a_second_one_a_number() -> None:
    names = [article(label) for label in ("gru", "gru-without", "gru-2", "gru-without-2")]
    assert names == ["the GRU", "the GRU without attention", "GRU 2", "GRU 2 without attention"]


def test_all_alike_is_one_clause() -> None:
    text = _score_text(_scored(step=1, rnn=1.0, lstm=1.02, gru=0.99))
    assert text.startswith("After 1 training step the RNN (")
    assert text.count("better") == 1
    assert ") are not clearly better than guessing." in text
    text = _score_text(_scored(step=1, rnn=1.0, lstm=1.02, gru=1.01))
    assert text.count("better") == 1 and ") are no better than guessing." in text


def test_before_the_first_step_nothing_is_claimed_about_learning() -> None:
    found = findings(_scored(step=0, rnn=0.01, lstm=0.01, gru=0.01))
    assert found[0].text == (
        "The RNN, the LSTM and the GRU are untrained. All that is shown at training step 0 comes from random weights."
    )
    assert not any("better" in one.text or "gates" in one.text for one in found)


@pytest.mark.parametrize("grades", list(itertools.product([0.01, 0.5, 0.95, 1.0], repeat=3)))
def test_no_sentence_claims_what_its_numbers_do_not_show(grades: tuple[float, ...]) -> None:
    run = _scored(**dict(zip(("rnn", "lstm", "gru"), grades, strict=True)))
    clauses = _score_text(run).split(". ")
    for name, part in zip(("RNN", "LSTM", "GRU"), grades, strict=True):
        clause = next(one for one in clauses if f"the {name} (" in one or f"The {name} (" in one)
        assert ("far better" in clause) == (part <= 0.2)
        assert ("no better" in clause) == (part == 1.0)
        assert ("hardly" in clause) == (part == 0.95)
        assert (" are " in clause) == (clause.lower().count("the ") > 1)


def test_gates_of_a_model_that_has_learned_nothing_are_not_to_be_read() -> None:
    finding = told.unread_gates(_scored(rnn=1.0, lstm=1.0, gru=0.01).at())
    assert finding is not None
    assert finding.text == "The LSTM has learned little or nothing, so do not read its gates."
    assert finding.evidence == {"lstm": GUESS, "guessing": GUESS}


def test_while_it_trains_there_is_hope() -> None:
    finding = told.unread_gates(_scored(step=4, rnn=1.0, lstm=1.0, gru=0.97).at())
    assert finding is not None
    assert finding.text == "The LSTM and the GRU have learned little or nothing yet, so do not read their gates."


def test_gates_of_models_that_learned_may_be_read_and_a_simple_rnn_has_none() -> None:
    assert told.unread_gates(_scored(rnn=1.0, lstm=0.3, gru=0.01).at()) is None


def test_a_model_that_ended_is_named_and_no_longer_judged() -> None:
    why = {"rnn": "RNN ended at training step 9: its loss became not a number."}
    gone = at(small_run(), LAST, why, rnn=None, lstm={"score": 0.01 * GUESS}, gru={"score": 0.01 * GUESS})
    run = Run(gone.experiment, [small_run().frame(8), *gone.frames])
    found = findings(run)
    assert found[0].text == why["rnn"] + " What is shown of it was measured at training step 8."
    assert found[0].evidence == {"rnn": 8}
    assert not any("the RNN" in one.text or "The RNN" in one.text for one in found[1:])
    assert not told.ended(run.at(8))


def test_all_models_ended() -> None:
    ended = {
        label: f"{label.upper()} ended at training step 1: its loss became infinite."
        for label in ("rnn", "lstm", "gru")
    }
    found = findings(Run(small_run().experiment, [small_run().frame(0), Frame(1, {}, ended)]))
    assert len(found) == 3
    assert all(one.kind == "diverged" for one in found)


def test_nothing_to_say_before_the_first_frame() -> None:
    assert findings(Run(Experiment())) == ()


def test_shares_come_in_percent() -> None:
    run = at(small_run("recall"), LAST, rnn={"score": 12.0}, lstm={"score": 99.6}, gru={"score": 40.0})
    assert _score_text(run) == (
        "After 12 training steps the LSTM (99.6 %) is far better than guessing. The GRU (40 %) is also better than "
        "guessing. The RNN (12.0 %) is no better than guessing. Guessing: 12.5 %."
    )


def test_models_of_the_same_cell_are_told_apart() -> None:
    text = _score_text(at(deep_run(), 3, **{label: {"score": 0.01} for label in ("lstm", "lstm-2", "gru")}))
    assert text.startswith(
        "After 3 training steps the LSTM (0.01), LSTM 2 (0.01) and the GRU (0.01) are far better than"
    )


@pytest.mark.parametrize("name", ["adding", "recall", "waves"])
def test_real_runs_give_whole_sentences(name: str) -> None:
    run = small_run(name)
    for step in run.steps:
        for finding in findings(run, step):
            assert re.fullmatch(r"[A-Z0-9].*[a-z)\d%]\.", finding.text)
            assert "  " not in finding.text
            assert "nan" not in finding.text.split()
            assert all(math.isfinite(number) for number in finding.evidence.values())


def _waves(step: int = LAST, **parts: float) -> Run:
    run = small_run("waves")
    guess = run.experiment.task.baseline
    return at(run, step, **{label: {"score": part * guess} for label, part in parts.items()})


def test_the_best_where_every_step_is_asked() -> None:
    finding = told.lead(_waves(rnn=0.5, lstm=0.2, gru=0.1).at())
    assert finding is not None
    assert finding.text == "The GRU is the best at this training step, with half of the error of the LSTM."
    assert set(finding.evidence) == {"gru", "lstm"}


def test_two_that_are_as_good_lead_together() -> None:
    finding = told.lead(_waves(rnn=0.21, lstm=0.1, gru=0.105).at())
    assert finding is not None
    assert (
        finding.text
        == "The LSTM and the GRU are the best at this training step, with at most 50 % of the error of the RNN."
    )
    assert set(finding.evidence) == {"lstm", "gru", "rnn"}


def test_nobody_leads_among_equals_or_beginners_or_where_the_end_is_asked() -> None:
    assert told.lead(_waves(rnn=0.11, lstm=0.1, gru=0.105).at()) is None
    assert told.lead(_waves(rnn=0.14, lstm=0.1, gru=0.12).at()) is None
    assert told.lead(_waves(rnn=1.5, lstm=1.0, gru=2.0).at()) is None
    assert told.lead(_waves(step=0, rnn=0.5, lstm=0.2, gru=0.1).at()) is None
    assert told.lead(_scored(rnn=0.5, lstm=0.2, gru=0.1).at()) is None


def _brackets(*scores: tuple[float, float, float]) -> Run:
    run = small_run("brackets")
    labels = ("rnn", "lstm", "gru")
    steps = [LAST - len(scores) + place for place in range(1, len(scores) + 1)]
    moments = [
        at(run, step, **{label: {"score": score} for label, score in zip(labels, moment, strict=True)})
        for step, moment in zip(steps, scores, strict=True)
    ]
    return Run(run.experiment, [moment.frames[0] for moment in moments])


def test_a_lead_in_percentage_points() -> None:
    finding = told.lead(_brackets((60.0, 90.0, 99.5)).at())
    assert finding is not None
    assert finding.text == "The GRU is the best at this training step, 9.5 percentage points ahead of the LSTM."
    assert told.lead(_brackets((98.0, 99.0, 99.5)).at()) is None


def test_the_lead_of_several_is_what_each_of_them_has_at_least() -> None:
    finding = told.lead(_brackets((80.0, 94.0, 92.39)).at())
    assert finding is not None
    assert finding.text == (
        "The LSTM and the GRU are the best at this training step, at least 12.3 percentage points ahead of the RNN."
    )


def test_who_was_clearly_better_before_is_named() -> None:
    run = _brackets((50.0, 70.0, 80.0), (89.0, 90.0, 90.0), (42.0, 88.0, 95.0))
    assert [one.text for one in told.setbacks(run.at())] == ["The RNN had 89 % at training step 11 and has 42 % now."]
    assert told.setbacks(run.at())[0].evidence == {"rnn at 11": 89.0, "rnn": 42.0}
    assert not told.setbacks(run.at(11))
    assert not told.setbacks(_brackets((42.0, 88.0, 95.0)).at())


def test_worse_than_guessing_is_no_setback() -> None:
    run = _waves(step=11, rnn=1.0, lstm=0.1, gru=0.1)
    later = _waves(rnn=5.0, lstm=0.15, gru=0.5)
    found = told.setbacks(Run(run.experiment, [*run.frames, *later.frames]).at())
    assert len(found) == 1
    assert found[0].text.startswith("The GRU had 0.0")


@pytest.mark.parametrize(
    ("right", "verdict"), [(9, "no better"), (16, "no better"), (17, "not clearly better"), (2, "worse")]
)
def test_what_chance_explains_is_neither_better_nor_worse(right: int, verdict: str) -> None:
    """Of 128 letters who guesses names 16 on average, give or take 3.7."""
    assert verdict_of(task("recall"), 100 * right / 128) == verdict
    assert luck(task("recall")) == pytest.approx(2.5 * (0.125 * 0.875 / 128) ** 0.5 / 0.875)
    assert luck(task("adding")) == 0.03 and luck(task("text")) == 0.03


def test_a_handful_of_answers_tells_nothing(tmp_path: Path) -> None:
    uneven = read_reviews(write(tmp_path / "few.csv", rows(40, neg=0.85, pos=0.15)))
    few, some = task("sentiment", table=uneven), task("sentiment", table=table(90))
    assert luck(few) >= 1 and {verdict_of(few, score) for score in (0.0, 50.0, 100.0)} == {UNTOLD}
    assert luck(some) < 1 and verdict_of(some, 100.0) == "far better"


def test_more_than_guessing_is_not_called_no_better_where_few_answers_are_scored() -> None:
    run = at(small_run("recall"), LAST, rnn={"score": 14.0}, lstm={"score": 12.5}, gru={"score": 15.0})
    assert _score_text(run) == (
        "After 12 training steps the RNN (14.0 %), the LSTM (12.5 %) and the GRU (15.0 %) are not clearly better than "
        "guessing. Guessing: 12.5 %. Scored: 128 answers."
    )
    alone = at(small_run("recall"), LAST, rnn={"score": 12.0}, lstm={"score": 12.5}, gru={"score": 11.0})
    assert "are no better than guessing." in _score_text(alone) and "Scored" not in _score_text(alone)
