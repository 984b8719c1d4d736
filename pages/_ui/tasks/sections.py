"""All tasks at a glance: how far each model came, and the numbers behind it."""

import streamlit as st

from pages._ui.run.place import place
from pages._ui.tasks.rows import Row, measured, missing, scored
from pages._ui.tasks.tried import Tried, tried
from pages._ui.widgets import tables
from rnnviz import charts
from rnnviz.core.names import listed

_HEAD = ("Task", "Simple answer, and the best", "Each model, worst to best seed", "What the seeds show")
_TRIED = ("Task and setting", "Each model, worst to best seed", "What the seeds show")


def show() -> None:
    """The chart, then the table."""
    rows = measured()
    place(charts.contestants([one for row in rows for one in row.contestants]), "tasks-contestants")
    st.markdown("### In numbers")
    tables.table(_HEAD, [(_link(row), _cells(row)) for row in rows], "tasks-table", about="Every task, as measured")
    _settings()
    if rest := missing():
        st.caption(f"Not measured yet: {listed([kind.title for kind in rest])}.")


def _settings() -> None:
    """Which settings were tried, and what came of them."""
    st.markdown("### Why these settings")
    rows = [
        (_setting(one), ["<br>".join(map(tables.safe, lines)) for lines in (one.each, one.shown)]) for one in tried()
    ]
    tables.table(_TRIED, rows, "tasks-settings", about="Settings that were tried, and what came of them")


def _setting(one: Tried) -> str:
    link = f'<a href="./?{tables.safe(one.link)}" target="_self">{tables.safe(one.experiment.task.title)}</a>'
    return f"{link}<br><small>{tables.safe(one.called)}<br>{tables.safe(scored(one.experiment.task))}</small>"


def _link(row: Row) -> str:
    link = f'<a href="./?task={tables.safe(row.task.name)}" target="_self">{tables.safe(row.task.title)}</a>'
    about = filter(None, (row.task.application, row.task.answering.shape, row.time))
    return f"{link}<br><small>{tables.safe(' · '.join(about))}<br>{tables.safe(scored(row.task))}</small>"


def _cells(row: Row) -> list[str]:
    best = "best possible not known" if row.best is None else f"best possible {row.said(row.best)}"
    ends = f"{row.task.guessing}: {row.said(row.guess)}", best
    each = (f"{row.titles[label]} {row.spread(label)}" for label in row.scores)
    return ["<br>".join(map(tables.safe, lines)) for lines in (ends, each, [row.as_taught, *row.shown.split("; ")])]
