"""Whether a model learns its training sequences by heart."""

import numpy as np

from rnnviz.findings.finding import Finding, article, score_text, sentence
from rnnviz.findings.scores import held_out
from rnnviz.runs.view import RunView
from rnnviz.specs import architectures

WORSE = 2.0  # percentage points by which the held-out score must have fallen from its best,
LASTING = 3  # at so many moments in a row, since a few held-out sequences leave something to chance,
LOWER = 0.9  # and to which part the training loss must have fallen meanwhile
HIGHER, RISEN = 1.2, 0.05  # or so many times, and by so many nats, larger the held-out loss of encoder–decoders
_MEAN_OF = 20  # training steps


def overfitting(at: RunView) -> tuple[Finding, ...]:
    """Models whose training loss goes on falling while what they score on held-out sequences gets worse.

    Only where the same sequences come again and again, and others are held back: in a text. The training loss
    (cross-entropy) and the score (characters named right) have no unit in common, so each is held against itself.
    """
    task = at.experiment.task
    if architectures.of(task).writes:
        return _of_sequences(at)
    if task.always_new or not task.held_out_is_new or task.score_unit != "%":
        return ()
    found = []
    for label, score in held_out(at).items():
        scores = {step: model.score for step, model in at.history(label).items()}
        best = max(scores, key=scores.__getitem__)
        lately = [scores[step] for step in sorted(scores)[-LASTING:]]
        if best < _MEAN_OF or scores[best] - max(lately) < WORSE:
            continue
        before, after = (_training_loss(at, label, step) for step in (best, at.step))
        if not after <= LOWER * before:
            continue
        text = (
            f"{article(label)} overfits: since step {best:,} its training loss has fallen from {before:.2g} to "
            f"{after:.2g}, but what it scores on held-out sequences from {score_text(task, scores[best])} to "
            f"{score_text(task, score)}."
        )
        evidence = {f"{label} at {best}": scores[best], label: score, "loss then": before, "loss now": after}
        found.append(Finding(sentence(text), evidence, "overfitting", "compare"))
    return tuple(found)


def _of_sequences(at: RunView) -> tuple[Finding, ...]:
    """The same for encoder–decoders: there the held-out loss has been measured, and needs no whole output to be wrong.

    Only where the right answer is fed throughout the training, as both losses are then of the same thing.
    """
    training, found = at.experiment.training, []
    if training.teacher_forcing < 1 or training.schedule is not None:
        return ()
    for label in held_out(at):
        fed = {step: float(model["translated/held_out_loss"][0]) for step, model in at.history(label).items()}
        best = min(fed, key=fed.__getitem__)
        lately = min(fed[step] for step in sorted(fed)[-LASTING:])
        if best < _MEAN_OF or not lately >= max(HIGHER * fed[best], RISEN + fed[best]):
            continue
        before, after = (_training_loss(at, label, step) for step in (best, at.step))
        if not after <= LOWER * before:
            continue
        text = (
            f"{article(label)} overfits: since step {best:,} its training loss has fallen from {before:.2g} to "
            f"{after:.2g}, but its loss on held-out sequences has risen from {fed[best]:.2g} to {fed[at.step]:.2g}."
        )
        evidence = {f"{label} at {best}": fed[best], label: fed[at.step], "loss then": before, "loss now": after}
        found.append(Finding(sentence(text), evidence, "overfitting", "compare"))
    return tuple(found)


def _training_loss(at: RunView, label: str, step: int) -> float:
    """The mean training loss of the steps up to one of them."""
    losses = np.concatenate([model.losses for model in at.history(label).values()])
    until = len(losses) - (at.step - step)
    return float(losses[max(0, until - _MEAN_OF) : until].mean())
