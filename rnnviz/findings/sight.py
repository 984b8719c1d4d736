"""What there is to say of a model that hands no state on: what it does not see, and what it does not pass on."""

import numpy as np

from rnnviz.analysis import gradient_norm
from rnnviz.core.names import counted
from rnnviz.findings.finding import Finding, article, score_text, sentence
from rnnviz.findings.scores import held_out
from rnnviz.runs.view import RunView


def out_of_sight(at: RunView) -> tuple[Finding, ...]:
    """Which models see too few inputs for what the task asks them to keep, with the score that this leaves them."""
    task = at.experiment.task
    if task.kept_for is None or at.step == 0:
        return ()
    (least, most), found = task.kept_for, []
    for label, score in held_out(at).items():
        sees = at.experiment.model(label).sees
        if sees is None or sees > least:  # an input so many steps before the last is one more
            continue
        far = counted(least, "time step") if least == most else f"{least}–{most} time steps"
        so = "it can only guess" if task.asks_kept else "it has to answer without it"
        measured = f"measured: {score_text(task, score)}, guessing {score_text(task, task.baseline)}"
        came = f"{task.kept} came {far} before the answer"
        text = f"{article(label)} sees only {_inputs(sees)}. {sentence(came)}. So {so} ({measured})."
        evidence = {label: score, "guessing": task.baseline, f"{label} inputs": sees, "steps back": least}
        found.append(Finding(sentence(text), evidence, "out_of_sight", "compare"))
    return tuple(found)


def unchained(at: RunView) -> tuple[Finding, ...]:
    """Of which models states and gradients go nowhere from step to step, so that nothing can vanish there."""
    found = []
    for label in at.frame.models:
        spec = at.experiment.model(label)
        if spec.sees is None:
            continue
        norms = gradient_norm(at, label).astype(np.float64)
        alone = norms.size > 1 and norms[-1] > 0 and not norms[:-1].any()
        direct = "what the loss sends directly to a time step"
        where = ", here to the last one alone" if alone else ""
        text = f"{article(label)} passes no gradient from one time step to the next. ∂L/∂h is {direct}"
        evidence = {f"{label} largest ∂L/∂h before the last step": float(norms[:-1].max(initial=0))}
        found.append(Finding(sentence(f"{text}{where}."), evidence, "direct", "gradients"))
        anew = f"{article(label)} makes each h anew from {_inputs(spec.sees)}. Its states are not handed on"
        found.append(Finding(sentence(f"{anew}."), {f"{label} inputs": spec.sees}, "anew", "states"))
    return tuple(found)


def _inputs(sees: int) -> str:
    return "the last input" if sees == 1 else f"the last {sees} inputs"
