"""Models whose gates are not to be read: they have learned nothing that gates could do."""

from rnnviz.findings.finding import Finding, named, sentence
from rnnviz.findings.overfitting import by_heart
from rnnviz.findings.scores import idle
from rnnviz.runs.view import RunView


def unread(at: RunView) -> dict[str, float]:
    """Label → score of the models with gates that have learned little or nothing; empty before training."""
    if at.step == 0:
        return {}
    known = by_heart(at)
    gated = {label for label in at.measured if any(cell.gates for cell in at.experiment.model(label).kinds)}
    return {label: score for label, score in idle(at).items() if label in gated and label not in known}


def unread_gates(at: RunView) -> Finding | None:
    """A warning not to read the gates of models that do hardly better than guessing; None if there are none."""
    gated = unread(at)
    if not gated:
        return None
    have, its = ("has", "its") if len(gated) == 1 else ("have", "their")
    yet = " yet" if at.step < at.experiment.training.steps else ""
    text = f"{named(gated)} {have} learned little or nothing{yet}, so do not read {its} gates."
    return Finding(sentence(text), {**gated, "guessing": at.experiment.task.baseline}, "unread_gates", "gates")
