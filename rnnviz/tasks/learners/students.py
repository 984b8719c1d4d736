"""Simulated students: Bayesian knowledge tracing (Corbett & Anderson 1995) with forgetting.

Every skill is a hidden Markov model of its own with two states: a student has mastered it or not. Who has mastered a
skill answers an exercise on it right, but for slips; who has not answers wrong, but for lucky guesses. After an
exercise a skill that was not mastered may have been learned by it; all the while another one is practised, a mastered
skill may be forgotten. Which skill is practised does not depend on what is mastered, so that the chains of a student
are independent of each other given the exercises: `rnnviz.tasks.learners.ideal` is exact.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

_STAYS = 0.6  # how likely the next exercise is on the same skill
_KNOWN = 0.15  # how likely a skill is mastered before the first exercise, on average over skills
_SPREAD = 0.7  # by what part of the average a rate of the least and of the most differs from it
_LIKELIEST = 0.95  # that a rate may become


@dataclasses.dataclass(frozen=True)
class Skills:
    """The rates of every skill, (skill,) float64 each: they differ between skills and are the same for all students.

    known:     how likely it is mastered before the first exercise.
    learned:   how likely it is mastered after an exercise on it, if it was not before.
    forgotten: how likely it is lost at a step at which another skill is practised.
    slips:     how likely who has mastered it answers wrong.
    guesses:   how likely who has not mastered it answers right.
    """

    known: np.ndarray
    learned: np.ndarray
    forgotten: np.ndarray
    slips: np.ndarray
    guesses: np.ndarray

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.known)

    def right(self, mastered: np.ndarray) -> np.ndarray:
        """How likely exercises (…, skill) are answered right, if skills are mastered with these probabilities."""
        chances: np.ndarray = mastered * (1 - self.slips) + (1 - mastered) * self.guesses
        return chances


@dataclasses.dataclass(frozen=True)
class Practice:
    """What students did and what they had mastered.

    skills:   (time, student) int64, which skill each exercise was on.
    right:    (time, student) bool, whether it was answered right.
    mastered: (time, student, skill) bool, before each exercise; nobody is told.
    """

    skills: np.ndarray
    right: np.ndarray
    mastered: np.ndarray

    def of(self, some: Sequence[int]) -> "Practice":
        """That of some of the students."""
        return Practice(self.skills[:, some], self.right[:, some], self.mastered[:, some])


def skills(count: int, learn: float, forget: float, slip: float, guess: float) -> Skills:
    """Rates that are on average those given, spread evenly over the skills, each in an order of its own."""
    rng = np.random.default_rng(1995)
    even = np.linspace(1 - _SPREAD, 1 + _SPREAD, count)
    rates = (np.minimum(_LIKELIEST, rate * rng.permutation(even)) for rate in (_KNOWN, learn, forget, slip, guess))
    return Skills(*rates)


def practise(of: Skills, rng: np.random.Generator, steps: int, size: int) -> Practice:
    """`size` students, each with `steps` exercises."""
    chosen = _exercises(rng, of.count, steps, size)
    chance = rng.random((2, steps, size))
    changes = rng.random((steps, size, of.count), dtype=np.float32)
    mastered = np.empty((steps + 1, size, of.count), bool)
    mastered[0] = rng.random((size, of.count)) < of.known
    for step in range(steps):
        practised = np.arange(of.count) == chosen[step][:, None]
        now, change = mastered[step], changes[step]
        mastered[step + 1] = np.where(practised, now | (change < of.learned), now & (change >= of.forgotten))
    here = np.take_along_axis(mastered[:-1], chosen[..., None], -1)[..., 0]
    right = np.where(here, chance[0] >= of.slips[chosen], chance[1] < of.guesses[chosen])
    return Practice(chosen, right, mastered[:-1])


def _exercises(rng: np.random.Generator, count: int, steps: int, size: int) -> np.ndarray:
    """Runs of exercises on one skill, each followed by another one: (time, student)."""
    moves = rng.integers(1, count, (steps, size))
    moves[1:][rng.random((steps - 1, size)) < _STAYS] = 0
    moves[0] = rng.integers(0, count, size)
    found: np.ndarray = np.cumsum(moves, axis=0) % count
    return found
