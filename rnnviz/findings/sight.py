"""What lies out of sight of a model that hands no state on: known from its window and the task, before any training."""

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
        inputs = "the last input" if sees == 1 else f"the last {sees} inputs"
        far = f"{least} step{'' if least == 1 else 's'}" if least == most else f"{least} to {most} steps"
        so = "it can only guess" if task.asks_kept else "it has to answer without it"
        measured = f"measured: {score_text(task, score)}, guessing {score_text(task, task.baseline)}"
        text = f"{article(label)} sees only {inputs}; {task.kept} came {far} before the answer, so {so} ({measured})."
        evidence = {label: score, "guessing": task.baseline, f"{label} inputs": sees, "steps back": least}
        found.append(Finding(sentence(text), evidence, "out_of_sight", "compare"))
    return tuple(found)
