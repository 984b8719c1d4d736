"""Whether a model learns its training sequences by heart."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from rnnviz.analysis import held_out_loss
from rnnviz.findings.finding import Finding, article, score_text, sentence
from rnnviz.findings.scores import held_out, idle, verdict_of
from rnnviz.runs.view import RunView
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment

LASTING = 3  # at so many moments in a row, since a few held-out sequences leave something to chance, the held-out loss
HIGHER, RISEN = 1.15, 0.05  # must be so many times, and, where it is in nats, by so many larger than at its lowest,
LOWER = 0.9  # and the training loss must have fallen to this part meanwhile
WORSE = 2.0  # percentage points by which the score must have fallen, where the held-out loss was not measured
APART = 3.0  # times the training loss is the held-out loss of a model that has learned by heart
_MEAN_OF = 20  # training steps
FAR_BELOW = 0.8  # of the loss of guessing: who trains below that has learned what is trained on,
PARTED = 1.35  # and nothing that helps elsewhere if the held-out loss is so many times the training loss


def repeats(experiment: Experiment) -> bool:
    """Whether the same sequences are trained on again and again while others are held back."""
    task = experiment.task
    again = experiment.training.sequences is not None or not task.always_new or task.brought
    return again and task.held_out_is_new


def risen(experiment: Experiment, losses: Sequence[float]) -> bool:
    """Whether held-out losses, those of all moments in their order, have risen clearly since the lowest."""
    lowest, lately = min(losses), min(losses[-LASTING:])
    by = 0.0 if experiment.task.answers.of.is_number else RISEN
    return lately >= max(HIGHER * lowest, by + lowest) and lately > lowest


def overfitting(at: RunView) -> tuple[Finding, ...]:
    """Models whose training loss goes on falling while the loss on held-out sequences rises.

    Only where the same sequences come again and again. Of a decoder only where the right answer is fed throughout the
    training, as both losses are then of the same thing. In runs that were saved before the held-out loss was measured
    what is held against the training loss is the score.
    """
    training = at.experiment.training
    if architectures.of(at.experiment.task).writes and (training.teacher_forcing < 1 or training.schedule is not None):
        return ()
    if not repeats(at.experiment):
        return ()
    known = by_heart(at)
    told = {label: _nothing_else(at, label, loss) for label, loss in known.items()}
    others = [label for label in held_out(at) if label not in told]
    found = (_by_loss(at, label) or _by_score(at, label) or _by_heart(at, label) for label in others)
    return *told.values(), *(one for one in found if one is not None)


def by_heart(at: RunView) -> dict[str, float]:
    """Models that have learned their training sequences by heart and nothing that helps on others: label → loss.

    Their training loss is clearly below that of guessing, their score on held-out sequences hardly above it. Not told
    of what a decoder writes, as its training loss is that of an easier question.
    """
    if at.step < _MEAN_OF or not repeats(at.experiment) or architectures.of(at.experiment.task).writes:
        return {}
    known, (guessing, _) = {}, at.experiment.task.loss_of_guessing
    for label in idle(at):
        trained = _training_loss(at, label, at.step)
        if trained <= FAR_BELOW * guessing and held_out_loss(at.model(label)) >= PARTED * trained:
            known[label] = trained
    return known


def _nothing_else(at: RunView, label: str, trained: float) -> Finding:
    task = at.experiment.task
    score, (guessing, _) = held_out(at)[label], task.loss_of_guessing
    text = (
        f"{article(label)} has learned its training sequences by heart. On new sequences its score is "
        f"{verdict_of(task, score)} than guessing. Its training loss is {trained:.2g}, that of guessing {guessing:.2g}."
    )
    evidence = {label: score, "loss now": trained, "loss of guessing": guessing}
    return Finding(sentence(text), evidence, "overfitting", "compare")


def _by_loss(at: RunView, label: str) -> Finding | None:
    losses = {step: held_out_loss(model) for step, model in at.history(label).items()}
    best = min(losses, key=losses.__getitem__)
    if any(map(math.isnan, losses.values())) or not risen(at.experiment, list(losses.values())):
        return None
    what = f"Its loss on held-out sequences has risen from {losses[best]:.2g} to {losses[at.step]:.2g}"
    return _finding(at, label, losses, best, what)


def _by_score(at: RunView, label: str) -> Finding | None:
    task, history = at.experiment.task, at.history(label)
    if task.score_unit != "%" or not all(math.isnan(held_out_loss(model)) for model in history.values()):
        return None
    scores = {step: model.score for step, model in history.items()}
    best = max(scores, key=scores.__getitem__)
    lately = [scores[step] for step in sorted(scores)[-LASTING:]]
    if best < _MEAN_OF or scores[best] - max(lately) < WORSE:
        return None
    then, now = (score_text(task, scores[step]) for step in (best, at.step))
    return _finding(at, label, scores, best, f"Its score on held-out sequences has fallen from {then} to {now}")


def _finding(at: RunView, label: str, held: Mapping[int, float], best: int, what: str) -> Finding | None:
    """That a model overfits since its best step, if it has gone on learning what it trains on.

    held: training step → how it did on held-out sequences; what: how that has got worse, in words.
    """
    before, after = (_training_loss(at, label, step) for step in (best, at.step))
    if not after <= LOWER * before:
        return None
    fallen = f"Its training loss has fallen from {before:.2g} to {after:.2g}"
    text = f"{article(label)} overfits since training step {best:,}. {fallen}. {what}."
    evidence = {f"{label} at {best}": held[best], label: held[at.step], "loss then": before, "loss now": after}
    return Finding(sentence(text), evidence, "overfitting", "compare")


def _by_heart(at: RunView, label: str) -> Finding | None:
    """Where few sequences are trained on: what is known of them and not of others, though that has not got worse."""
    count, held = at.experiment.training.sequences, held_out_loss(at.model(label))
    trained = _training_loss(at, label, at.step)
    if count is None or at.step < _MEAN_OF or not held >= APART * trained:
        return None
    text = (
        f"{article(label)} knows its {count:,} training sequences better than others. Its loss is {trained:.2g} on "
        f"them and {held:.2g} on held-out ones."
    )
    return Finding(sentence(text), {label: held, "loss now": trained}, "overfitting", "compare")


def _training_loss(at: RunView, label: str, step: int) -> float:
    """The mean training loss of the steps up to one of them."""
    losses = np.concatenate([model.losses for model in at.history(label).values()])
    until = len(losses) - (at.step - step)
    return float(losses[max(0, until - _MEAN_OF) : until].mean())
