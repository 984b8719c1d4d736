"""What belongs to one measured moment of a run alone."""

from typing import Any

from rnnviz import findings
from rnnviz.live import anatomy_numbers, applications, attention, attention_charts, moving, pages, pictures, unrolled
from rnnviz.live.sequences import answer
from rnnviz.live.verdicts import learned, scored, verdict
from rnnviz.live.view import View
from rnnviz.live.wire import columns
from rnnviz.runs.run import Run
from rnnviz.runs.view import RunView
from rnnviz.tasks.translating import Translating

MOVING = moving.CHARTS | attention_charts.MOVING


def moment(run: Run, view: View, place: int) -> dict[str, Any]:
    """The moment at a place, counted from 0, as one view shows it.

    place, step, models (label → verdict, learned, score, answer and the variables that the page shows), tables
    (chart → table → columns) of the charts that show this moment alone, and findings (sentences, the most important
    first).
    """
    at, page = run.at(run.frames[place].step), pages.of(run.experiment, view.page)
    return {
        "place": place,
        "step": at.step,
        "models": {label: _model(at, label, view, page) for label in at.measured},
        "tables": {
            name: {table: columns(filled) for table, filled in MOVING[name](at, view).tables.items()}
            for name in page.moving
        },
        "findings": [{"text": one.text, "kind": one.kind, "page": one.view} for one in findings.findings_at(at)],
    }


def _model(at: RunView, label: str, view: View, page: pages.Page) -> dict[str, Any]:
    task, frame = at.experiment.task, at.model(label)
    translated = (
        attention.output_message(task, frame, view.probe) if isinstance(task, Translating) and page.decoders else {}
    )
    application = applications.of(task) if page.own else None
    return {
        **translated,
        "verdict": verdict(at, label),
        "learned": learned(at, label),
        "scored": scored(task, frame),
        "answer": answer(task, frame, view.probe),
        "values": pictures.values(at, label, view, shown) if (shown := _variables(page)) else {},
        "carry": pictures.carriers(at, label, view, shown),
        "own": application.moment(at, label, view) if application else {},
        "cell": anatomy_numbers.numbers(at, label, view) if page.cells else {},
        "unrolled": unrolled.numbers(at, label, view.probe) if page.unrolled else {},
    }


def _variables(page: pages.Page) -> tuple[str, ...]:
    """Those that the pictures of a page show."""
    return pictures.CHOSEN[page.pictures]() if page.pictures and not page.own else ()
