"""What belongs to one measured moment of a run alone."""

from typing import Any

from rnnviz import findings
from rnnviz.live import anatomy_numbers, attention, attention_charts, moving, pages, pictures
from rnnviz.live.sequences import answer
from rnnviz.live.verdicts import scored, verdict
from rnnviz.live.view import View
from rnnviz.live.wire import columns
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.run import Run
from rnnviz.tasks.translating import Translating

MOVING = moving.CHARTS | attention_charts.MOVING


def moment(run: Run, view: View, place: int) -> dict[str, Any]:
    """The moment at a place, counted from 0, as one view shows it.

    place, step, models (label → verdict, score, answer and the variables that the page shows), tables (chart → table →
    columns) of the charts that show this moment alone, and findings (sentences, the most important first).
    """
    step, page = run.frames[place].step, pages.of(run.experiment, view.page)
    shown = {label: _model(run, label, step, view, page) for label in run.experiment.labels}
    return {
        "place": place,
        "step": step,
        "models": {label: model for label, model in shown.items() if model},
        "tables": {
            name: {table: columns(filled) for table, filled in MOVING[name](run, step, view).tables.items()}
            for name in page.moving
        },
        "findings": [{"text": one.text, "kind": one.kind, "page": one.view} for one in findings.findings(run, step)],
    }


def _model(run: Run, label: str, step: int, view: View, page: pages.Page) -> dict[str, Any]:
    frame = _measured(run, label, step)
    if frame is None:  # it ended before its first moment
        return {}
    task = run.experiment.task
    translated = attention.written(task, frame, view.probe) if isinstance(task, Translating) and page.decoders else {}
    return {
        **translated,
        "verdict": verdict(run, label, step, frame),
        "scored": scored(task, frame),
        "answer": answer(task, frame, view.probe),
        "values": pictures.values(run, label, step, view, pictures.CHOSEN[page.pictures]()) if page.pictures else {},
        "cell": anatomy_numbers.numbers(run, label, step, view) if page.cells else {},
    }


def _measured(run: Run, label: str, step: int) -> ModelFrame | None:
    try:
        return run.model_frame(label, step)
    except LookupError:
        return None
