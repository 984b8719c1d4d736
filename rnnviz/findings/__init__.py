"""What is to be seen, in plain words computed from a run. Every sentence comes with the numbers it rests on."""

import numpy as np

from rnnviz.findings.finding import Finding, article, score_text
from rnnviz.findings.gradients import beyond_horizon, clipping, gradients, over, slopes
from rnnviz.findings.overfitting import overfitting
from rnnviz.findings.scores import ended, lead, marked, scores, setbacks
from rnnviz.findings.sight import out_of_sight, unchained
from rnnviz.findings.single import single_steps
from rnnviz.findings.translation import of_sequences
from rnnviz.findings.units import dead, of_states, real, saturated, stuck_gates
from rnnviz.findings.unread import unread, unread_gates
from rnnviz.runs.run import Run
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.translating import Translating

ORDER = (  # what matters most comes first
    "diverged",
    "marked",
    "scores",
    "lead",
    "single_steps",
    "out_of_sight",
    "setback",
    "overfitting",
    "long_inputs",
    "exposure",
    "sharpness",
    "piling_up",
    "longer_inputs",
    "unread_gates",
    "over",
    "reach",
    "reach_input",
    "direct",
    "anew",
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
    return findings_at(run.at(step)) if run.frames else ()


def findings_at(at: RunView) -> tuple[Finding, ...]:
    """The same of a run at one of its frames."""
    found = [
        *ended(at),
        scores(at),
        marked(at),
        lead(at),
        single_steps(at),
        *out_of_sight(at),
        *setbacks(at),
        *overfitting(at),
        *of_sequences(at),
        unread_gates(at),
    ]
    found += [gradients(at), over(at), *unchained(at), beyond_horizon(at), *slopes(at), clipping(at), *_of_units(at)]
    return tuple(sorted(filter(None, found), key=lambda finding: ORDER.index(finding.kind)))


def _of_units(at: RunView) -> list[Finding]:
    """Of every model; of its gates only where they may be read."""
    found, closed = list[Finding](), unread(at)
    for label, model in at.frame.models.items():
        spec = at.experiment.model(label)
        for owner, cell, traced in _halves(at.experiment, label, model.trace):
            said = of_states(owner, cell, spec.activation, traced)
            found += [one for one in said if label not in closed or one.kind != "stuck_gates"]
    return found


def _halves(
    experiment: Experiment, label: str, traced: dict[str, np.ndarray]
) -> list[tuple[str, str, dict[str, np.ndarray]]]:
    """Whose states they are, of which cell, and the states: of an encoder–decoder those of either half."""
    task, cells = experiment.task, experiment.built(label).cells
    if not isinstance(task, Translating):
        return [(article(label), cells[0], traced)]
    found = []
    for half, cell in enumerate(cells):
        at = slice(task.input_steps, None) if half else slice(task.input_steps)
        kept = {name: real(values[:, :, at]) for name, values in traced.items()}
        states = {name: values for name, values in kept.items() if values.size}
        found.append((f"the {'decoder' if half else 'encoder'} of {article(label)}", cell, states))
    return found


__all__ = [
    "ORDER",
    "Finding",
    "beyond_horizon",
    "clipping",
    "dead",
    "ended",
    "findings",
    "findings_at",
    "gradients",
    "lead",
    "of_sequences",
    "of_states",
    "out_of_sight",
    "overfitting",
    "saturated",
    "score_text",
    "scores",
    "setbacks",
    "slopes",
    "stuck_gates",
    "unchained",
    "unread_gates",
]
