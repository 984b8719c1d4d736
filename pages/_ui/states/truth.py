"""Answers against truth: what every model answers to the held-out sequences, beside what is right."""

import streamlit as st

from pages._ui.run import confusion, model_answers
from pages._ui.run.choices import Choice
from pages._ui.run.model_answers import Of
from pages._ui.run.place import columns, place
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from rnnviz import charts
from rnnviz.analysis import translating
from rnnviz.analysis import truth as against
from rnnviz.charts.theme import style_of
from rnnviz.charts.truth import ends_of
from rnnviz.core.names import counted, number
from rnnviz.engine import questions
from rnnviz.findings import truth as told
from rnnviz.specs import architectures
from rnnviz.tasks import Task

TITLE = "Answers against truth"


def show(shown: Shown) -> None:
    """The section: a sentence and a picture for each model."""
    task = shown.run.experiment.task
    st.markdown(f"### {TITLE}")
    if architectures.of(task).writes:
        _written(shown)
        return
    try:
        found = model_answers.of_all(shown, questions.AGAINST_TRUTH)
    except ValueError as error:  # refused, whoever asks
        st.caption(escaped(str(error)))
        return
    if not found:
        st.caption("No model has been measured yet.")
        return
    if task.answers.of.is_number:
        _numbers(shown, found)
    else:
        _classes(shown, found)


def empty() -> None:
    """The section before there is a run."""
    st.markdown(f"### {TITLE}")
    st.caption("Train the models; then it is measured here.")


def _numbers(shown: Shown, found: dict[str, Of]) -> None:
    task, guess = shown.run.experiment.task, against.guess_of(shown.run.experiment.task)
    ends = ends_of([one.found[name] for one in found.values() for name in ("truth", "answer")])
    of = task.answers.of
    line = None if guess is None else (guess, f"{task.guessing}: {number(guess, max(of.digits, 2))} {of.unit}".rstrip())
    for label in columns(shown, "against-truth", Choice()):
        if label not in found:
            st.caption("Not measured yet.")
            continue
        one = found[label].found
        st.markdown(escaped(_sentence(told.numbers(task, one))))
        place(charts.truth(label, one["truth"], one["answer"], ends, of.unit, line), f"against-truth.{label}")
    first = next(iter(found.values())).found
    count, drawn = int(first["count"]), len(first["truth"])
    said = [_asked(task, count), "On the diagonal an answer is right."]
    if drawn < count:
        said.append(f"Drawn are {drawn:,} of them, at equal distances.")
    if guess is None:
        said.append(f"Guessing is no line here: it is “{task.guessing}”.")
    st.caption(escaped(" ".join([*said, _measured(shown, found)])))


def _classes(shown: Shown, found: dict[str, Of]) -> None:
    task = shown.run.experiment.task
    size = max(len(one.found["confusion"]) for one in found.values())
    for label in columns(shown, "against-truth", Choice(), across=3 if size <= confusion.NARROW else 2):
        if label not in found:
            st.caption("Not measured yet.")
            continue
        one = found[label].found
        names = against.names_of(task, one["kept"])
        said = told.classes(names, one["confusion"], int(one["right"]), len(one["kept"]))
        st.markdown(escaped(_sentence(said)))
        confusion.show(label, one["confusion"], names, f"against-truth-confusion-{label}")
    first = next(iter(found.values())).found
    said = _asked(task, int(first["confusion"].sum()))
    more = "Rows: what is right. Columns: what is answered. The darker a cell, the larger its share of the row."
    if len(first["kept"]) < len(task.classes):
        more += f" The {len(first['kept'])} most frequent of {len(task.classes):,} classes have a row of their own."
    st.caption(escaped(f"{said} {more} {_measured(shown, found)}"))


def _written(shown: Shown) -> None:
    """Of written answers: how often each place of the output is right."""
    experiment, at = shown.run.experiment, shown.at
    table = translating.positions(at)
    free = table[table["mode"] == translating.FREE]
    if free.empty:
        st.caption("No model has been measured yet.")
        return
    lines = [
        f"**{escaped(style_of(label).name)}**: {escaped(told.written(free['value'][free['label'] == label].tolist()))}"
        for label in experiment.labels
        if (free["label"] == label).any()
    ]
    beside, chart = st.columns([1, 3], gap="medium")
    beside.markdown("\n\n".join(lines))
    with chart:
        place(charts.positions(table, experiment.labels, translating.task_of(at).output_steps), "against-truth")
    held_out = counted(experiment.task.held_out_size, "held-out sequence")
    st.caption(f"Symbols that are right at each place of the output, over {held_out}.")


def _sentence(said: str) -> str:
    return f"{said[0].upper()}{said[1:]}"


def _asked(task: Task, count: int) -> str:
    held_out = counted(task.held_out_size, "held-out sequence")
    return f"{counted(count, 'answer')} to {held_out}, all that are scored."


def _measured(shown: Shown, found: dict[str, Of]) -> str:
    step = max(one.step for one in found.values())
    again = " Pause, or move along the time line, to measure another moment." if shown.moving else ""
    return f"Measured at training step {step:,}.{again}"
