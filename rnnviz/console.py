"""Training as it is seen in a terminal: a progress bar while it runs, a small table when it is over."""

from rnnviz.analysis.by_class import MOST_CLASSES, report
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment


def train_with_bar(experiment: Experiment) -> tuple[Run, bool]:
    """Train to the end, or until Ctrl-C; returns what was measured and whether it was interrupted.

    The bar goes to stderr, and only if that is a terminal.

    Raises:
        ExperimentError: the experiment asks for a device that is not there.
    """
    from tqdm import tqdm

    run = Run(experiment)
    try:
        from rnnviz.nn.train.training import train

        with tqdm(total=experiment.training.steps, unit="step", unit_scale=False, disable=None) as bar:
            for frame in train(experiment):
                run.append(frame)
                bar.set_postfix_str(losses(frame), refresh=False)
                bar.update(frame.step - bar.n)
    except KeyboardInterrupt:
        return run, True
    return run, False


def losses(frame: Frame) -> str:
    """The training losses of a frame in a line."""
    return ", ".join(f"{label} {model.loss:.4g}" for label, model in frame.models.items())


def summary(run: Run) -> str:
    """The last loss and held-out score of every model, with the score of guessing below them."""
    task, steps = run.experiment.task, run.experiment.training.steps
    head = ("", "loss", _score_title(run.experiment))
    rows = [head] + [(label, *_last(run, label)) for label in run.experiment.labels]
    rows.append(("guessing", "", f"{task.baseline:.4g}"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}" for row in rows]
    reached = run.steps[-1] if run.steps else 0
    title = f"{task.title}: step {reached} of {steps}"
    return "\n".join([title, *lines, f"Guessing is {task.guessing}.", *run.ended.values()])


def reports(run: Run) -> list[str]:
    """Precision, recall and F1 of each class, for every model as it was at the end, where a task has up to 20 classes.

    In plain text, on the held-out sequences: what the page calls "By class".
    """
    task = run.experiment.task
    one_network = task.answers.at_end or task.answers.at_every_step
    if not (one_network and 2 <= len(task.classes) <= MOST_CLASSES and run.frames):
        return []
    from rnnviz.nn.measure.by_class import by_class

    found = []
    for label in run.experiment.labels:
        measured = by_class(run.experiment.model(label), task, run.model_frame(label).weights)
        found.append(f"{label}\n{report(measured['confusion']).text(task.classes)}")
    return found


def _score_title(experiment: Experiment) -> str:
    unit = experiment.task.score_unit
    return experiment.task.scored_in + (f" ({unit})" if unit else "")


def _last(run: Run, label: str) -> tuple[str, str]:
    try:
        model = run.model_frame(label)
    except LookupError:
        return "–", "–"
    return f"{model.loss:.4g}", f"{model.score:.4g}"
