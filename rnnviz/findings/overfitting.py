"""Whether a model learns its training sequences by heart."""

import numpy as np

from rnnviz.findings.finding import Finding, article, score_text, sentence
from rnnviz.findings.scores import held_out
from rnnviz.runs.run import Run
from rnnviz.specs import architectures

WORSE = 2.0  # percentage points by which the held-out score must have fallen from its best,
LASTING = 3  # at so many moments in a row, since a few held-out sequences leave something to chance,
LOWER = 0.9  # and to which part the training loss must have fallen meanwhile
HIGHER, RISEN = 1.2, 0.05  # or so many times, and by so many nats, larger the held-out loss of encoder–decoders
_MEAN_OF = 20  # training steps


def overfitting(run: Run, step: int = -1) -> tuple[Finding, ...]:
    """Models whose training loss goes on falling while what they score on held-out sequences gets worse.

    Only where the same sequences come again and again, and others are held back: in a text. The training loss
    (cross-entropy) and the score (characters named right) have no unit in common, so each is held against itself.
    """
    task = run.experiment.task
    if architectures.of(task).writes:
        return _of_sequences(run, step)
    if task.always_new or not task.held_out_is_new or task.score_unit != "%":
        return ()
    now, found = run.frame(step).step, []
    for label, score in held_out(run, step).items():
        scores = {f.step: f.models[label].score for f in run.frames if f.step <= now and label in f.models}
        best = max(scores, key=scores.__getitem__)
        lately = [scores[at] for at in sorted(scores)[-LASTING:]]
        if best < _MEAN_OF or scores[best] - max(lately) < WORSE:
            continue
        losses = _losses(run, label)
        before, after = (float(losses[at + 1 - _MEAN_OF : at + 1].mean()) for at in (best, now))
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


def _of_sequences(run: Run, step: int) -> tuple[Finding, ...]:
    """The same for encoder–decoders: there the held-out loss has been measured, and needs no whole output to be wrong.

    Only where the right answer is fed throughout the training, as both losses are then of the same thing.
    """
    training, now, found = run.experiment.training, run.frame(step).step, []
    if training.teacher_forcing < 1 or training.schedule is not None:
        return ()
    for label in held_out(run, step):
        seen = {f.step: f.models[label] for f in run.frames if f.step <= now and label in f.models}
        fed = {at: float(model.translated["held_out_loss"][0]) for at, model in seen.items()}
        best = min(fed, key=fed.__getitem__)
        lately = min(fed[at] for at in sorted(fed)[-LASTING:])
        if best < _MEAN_OF or not lately >= max(HIGHER * fed[best], RISEN + fed[best]):
            continue
        losses = _losses(run, label)
        before, after = (float(losses[at + 1 - _MEAN_OF : at + 1].mean()) for at in (best, now))
        if not after <= LOWER * before:
            continue
        text = (
            f"{article(label)} overfits: since step {best:,} its training loss has fallen from {before:.2g} to "
            f"{after:.2g}, but its loss on held-out sequences has risen from {fed[best]:.2g} to {fed[now]:.2g}."
        )
        evidence = {f"{label} at {best}": fed[best], label: fed[now], "loss then": before, "loss now": after}
        found.append(Finding(sentence(text), evidence, "overfitting", "compare"))
    return tuple(found)


def _losses(run: Run, label: str) -> np.ndarray:
    """The training loss of every step so far, (step,)."""
    return np.concatenate([frame.models[label].losses for frame in run.frames if label in frame.models])
