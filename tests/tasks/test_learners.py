"""Simulated students: what is drawn is what the rates say, and the filter is exact."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.tasks.batch import PAD
from rnnviz.tasks.learners import ideal, students
from rnnviz.tasks.learners.task import _outstanding
from tests.support.tasks import task

TASK = task("learners")
SKILLS = students.skills(2, learn=0.3, forget=0.2, slip=0.1, guess=0.2)


def by_enumeration(chosen: list[int], right: list[bool]) -> np.ndarray:
    """How likely the next exercise on each skill is right: all hidden histories of the skill are summed over."""
    found = []
    for skill in range(SKILLS.count):
        known, learned, forgotten, slips, guesses = (
            float(getattr(SKILLS, name)[skill]) for name in ("known", "learned", "forgotten", "slips", "guesses")
        )
        whole = hit = 0.0
        for history in itertools.product((False, True), repeat=len(chosen) + 1):
            chance = known if history[0] else 1 - known
            for practised, answer, now, then in zip(chosen, right, history, history[1:], strict=False):
                if practised == skill:
                    of_right = 1 - slips if now else guesses
                    chance *= of_right if answer else 1 - of_right
                    mastered = 1.0 if now else learned
                else:
                    mastered = 1 - forgotten if now else 0.0
                chance *= mastered if then else 1 - mastered
            whole += chance
            hit += chance * (1 - slips if history[-1] else guesses)
        found.append(hit / whole)
    return np.array(found)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 1), st.booleans()), min_size=1, max_size=7))
def test_the_filter_is_the_sum_over_all_hidden_histories(answers: list[tuple[int, bool]]) -> None:
    chosen, right = [skill for skill, _ in answers], [one for _, one in answers]
    found = ideal.foreseen(SKILLS, np.array(chosen)[:, None], np.array(right)[:, None])
    for end in range(1, len(answers) + 1):
        np.testing.assert_allclose(found[end - 1, 0], by_enumeration(chosen[:end], right[:end]), atol=1e-12)


def test_the_filter_is_calibrated_and_beats_every_simpler_forecast() -> None:
    batch = TASK.sample(np.random.default_rng(3), 4_000)
    asked = batch.targets != PAD
    chances, right = TASK.foreseen(batch.inputs)[asked], batch.targets[asked] == 1
    for low in np.arange(0.1, 0.9, 0.1):
        near = (chances >= low) & (chances < low + 0.1)
        assert near.sum() > 3_000 and abs(right[near].mean() - chances[near].mean()) < 0.02
    assert TASK.guess(batch).shape == batch.targets.shape
    assert TASK.score(TASK.foreseen(batch.inputs), batch.targets) > TASK.score(TASK.guess(batch), batch.targets) + 15


def test_students_are_drawn_as_the_rates_say() -> None:
    of = students.skills(3, learn=0.2, forget=0.1, slip=0.1, guess=0.2)
    drawn = students.practise(of, np.random.default_rng(0), 40, 4_000)
    practised = np.arange(3) == drawn.skills[..., None]
    before, after, here = drawn.mastered[:-1], drawn.mastered[1:], practised[:-1]
    for skill in range(3):
        own, now, then = here[..., skill], before[..., skill], after[..., skill]
        assert abs(then[own & ~now].mean() - of.learned[skill]) < 0.02 and then[own & now].all()
        assert abs((~then[~own & now]).mean() - of.forgotten[skill]) < 0.02 and not then[~own & ~now].any()
        answers = drawn.right[practised[..., skill]]
        mastered = drawn.mastered[..., skill][practised[..., skill]]
        assert abs(1 - answers[mastered].mean() - of.slips[skill]) < 0.02
        assert abs(answers[~mastered].mean() - of.guesses[skill]) < 0.02
    assert abs(drawn.mastered[0].mean(0) - of.known).max() < 0.02


@pytest.mark.parametrize("count", [2, 5, 10])
def test_rates_differ_between_skills_and_are_on_average_those_given(count: int) -> None:
    of = students.skills(count, learn=0.15, forget=0.03, slip=0.08, guess=0.15)
    for rates, mean in ((of.learned, 0.15), (of.forgotten, 0.03), (of.slips, 0.08), (of.guesses, 0.15)):
        assert rates.mean() == pytest.approx(mean) and len(set(rates)) == count
    most = students.skills(count, learn=0.5, forget=0.3, slip=0.25, guess=0.3)
    assert (most.slips + most.guesses < 1).all(), "a right answer always speaks for mastery"


def test_what_is_asked_is_the_next_answer_and_nothing_else() -> None:
    batch = TASK.sample(np.random.default_rng(1), 20)
    skills, right = TASK.practised(batch.inputs)
    assert ((batch.targets != PAD).sum(-1) == 1).all() and (batch.inputs.sum(-1) == 1).all()
    asked = np.take_along_axis(batch.targets[:-1], skills[1:, :, None], -1)[..., 0]
    np.testing.assert_array_equal(asked, right[1:])


def test_who_is_shown_is_the_most_of_a_kind_in_the_class() -> None:
    practice = students.practise(TASK.rates, np.random.default_rng(5), 51, 100)
    learns, forgets, lucky = _outstanding(practice).values()
    lost = (practice.mastered[:-1] & ~practice.mastered[1:]).sum((0, 2))
    gained = (practice.mastered[-1] & ~practice.mastered[0]).sum(-1)
    known = np.take_along_axis(practice.mastered, practice.skills[..., None], -1)[..., 0]
    guessed = (practice.right & ~known).sum(0)
    assert gained[learns] == gained.max() and len({learns, forgets, lucky}) == 3
    assert lost[forgets] == np.delete(lost, learns).max()
    assert guessed[lucky] == np.delete(guessed, [learns, forgets]).max()


def test_without_anything_to_foresee_the_best_is_guessing() -> None:
    never = task("learners", learn=0.0, slip=0.0, lucky=0.0, forget=0.3, length=4)
    assert 50 <= never.best <= 100 and np.isfinite(never.baseline)
