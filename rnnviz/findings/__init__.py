"""What is to be seen, in plain words computed from a run. Every sentence comes with the numbers it rests on."""

from rnnviz.findings.finding import Finding, article, score_text
from rnnviz.findings.gradients import beyond_horizon, clipping, gradients, slopes
from rnnviz.findings.overfitting import overfitting
from rnnviz.findings.scores import ended, lead, scores, setbacks, unread_gates
from rnnviz.findings.units import dead, of_states, saturated, stuck_gates
from rnnviz.runs import Run

ORDER = (  # what matters most comes first
    "diverged",
    "scores",
    "lead",
    "setback",
    "overfitting",
    "unread_gates",
    "reach",
    "exploding",
    "beyond_horizon",
    "vanishing",
    "shrinking",
    "growing",
    "fading",
    "saturated",
    "dead",
    "clipping",
    "stuck_gates",
    "carrying",
)


def findings(run: Run, step: int = -1) -> tuple[Finding, ...]:
    """All there is to say about a run at a step, the most important first; nothing before the first frame."""
    if not run.frames:
        return ()
    found = [*ended(run, step), scores(run, step), lead(run, step), *setbacks(run, step), *overfitting(run, step)]
    found += [unread_gates(run, step), gradients(run, step), beyond_horizon(run, step), *slopes(run, step)]
    found += [clipping(run, step), *_of_units(run, step)]
    return tuple(sorted(filter(None, found), key=lambda finding: ORDER.index(finding.kind)))


def _of_units(run: Run, step: int) -> list[Finding]:
    found: list[Finding] = []
    for label, model in run.frame(step).models.items():
        spec = run.experiment.model(label)
        found += of_states(article(label), spec.cell, spec.activation, model.trace)
    return found


__all__ = [
    "ORDER",
    "Finding",
    "beyond_horizon",
    "clipping",
    "dead",
    "ended",
    "findings",
    "gradients",
    "lead",
    "of_states",
    "overfitting",
    "saturated",
    "score_text",
    "scores",
    "setbacks",
    "slopes",
    "stuck_gates",
    "unread_gates",
]
