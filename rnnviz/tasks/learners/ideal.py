"""The best that can be known of a student: the exact filter of the simulation's own hidden Markov models.

The forward algorithm (Rabiner 1989), skill by skill: Bayes' rule for the answer to the skill that was practised, then
one step of learning or forgetting. It knows the rates; a network has to learn them from answers.
"""

import numpy as np

from rnnviz.tasks.learners.students import Skills


def mastery(of: Skills, chosen: np.ndarray, right: np.ndarray) -> np.ndarray:
    """How likely each skill is mastered after each exercise, given all answers so far: (time, student, skill) float64.

    chosen: (time, student) int64, which skill each exercise was on; right: (time, student) bool.
    """
    found = np.empty((*chosen.shape, of.count))
    belief = np.broadcast_to(of.known, found.shape[1:])
    for step, (skill, answer) in enumerate(zip(chosen, right, strict=True)):
        practised = np.arange(of.count) == skill[:, None]
        seen = _after_answer(of, belief, answer[:, None])
        belief = np.where(practised, seen + (1 - seen) * of.learned, belief * (1 - of.forgotten))
        found[step] = belief
    return found


def _after_answer(of: Skills, belief: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Bayes' rule: how likely skills (student, skill) are mastered whose exercise was answered `right` or not."""
    if_mastered = belief * np.where(right, 1 - of.slips, of.slips)
    if_not = (1 - belief) * np.where(right, of.guesses, 1 - of.guesses)
    whole = if_mastered + if_not
    found: np.ndarray = np.divide(if_mastered, whole, out=belief.copy(), where=whole > 0)
    return found


def foreseen(of: Skills, chosen: np.ndarray, right: np.ndarray) -> np.ndarray:
    """How likely the next exercise on each skill is answered right, after each exercise: (time, student, skill)."""
    return of.right(mastery(of, chosen, right))
