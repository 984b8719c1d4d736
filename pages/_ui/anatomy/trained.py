"""Below the stage of the Anatomy page: the numbers of the step that was looked at last, from the trained model."""

import dataclasses

import streamlit as st

from pages._ui.anatomy import cut, decoder, numbers
from pages._ui.anatomy.sequence import DECODER, ShownSequence, of_stage
from pages._ui.run import words
from pages._ui.run.choices import Choice, has
from pages._ui.run.shown import Shown
from pages._ui.run.shown import choice as choice_of
from pages._ui.session.state import get_state
from pages._ui.session.trouble import guarded
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import segments, stored
from rnnviz.anatomy.step import Anatomy
from rnnviz.cells import CELLS, Cell
from rnnviz.cells.convention import Convention
from rnnviz.specs import architectures
from rnnviz.specs.labels import name_within
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

CONVENTION = "anatomy.z"  # which convention is chosen
_FIRST = 1  # the time step looked at first, from 0, as on the stage
_FOLLOWS = (
    "The stage runs on with the training; these numbers are of the moment at which something was last chosen. "
    "Pause or move the time line to see the numbers of a moment."
)
_MEANS = "The stage shows means over all units. Equations hold for one unit: these are unit 1's."


@dataclasses.dataclass(frozen=True)
class Looked:
    """What of the run is taken apart.

    time: on the stage, from 0.
    unit: from 0; None for the mean of all.
    """

    label: str
    choice: Choice
    time: int
    unit: int | None


def board() -> str:
    """The stage's part: in which convention it draws."""
    other = next((one for cell in CELLS.values() if (one := cell.convention) and stored(CONVENTION) == one.title), None)
    return f"anatomy-{other.name}" if other else "anatomy"


def converted(cell: Cell) -> bool:
    """Whether a cell is told in its other convention."""
    return cell.convention is not None and bool(stored(CONVENTION) == cell.convention.title)


def looked(shown: Shown) -> Looked:
    """What the browser said, as far as the run has it."""
    said, experiment = get_state().looked, shown.run.experiment
    label = str(said.get("model") or "")
    label = label if label in experiment.labels else experiment.labels[0]
    time = _FIRST if said.get("time") is None else int(said["time"])
    unit = said.get("unit")
    return Looked(label, choice_of(get_state()), time, None if unit is None else int(unit))


def draw(shown: Shown) -> None:
    """The numbers of one time step of one model."""
    words.ended(shown)
    now = looked(shown)
    if now.label not in shown.at.frame.models:
        return
    if not has(shown.run.experiment, now.label, now.choice):
        st.caption("This model has no such layer or direction.")
        return
    with guarded():
        sequence, time = of_stage(shown.run.experiment, now.choice.probe, now.time)
        spec = shown.run.experiment.built(now.label)
        found = cut.cut(shown, now.label, sequence, now.choice, converted(cell(spec, sequence)))
        if time < found.steps:
            _details(shown, found, now, sequence, time)
        else:
            st.caption(f"By itself this model writes {found.steps} symbols: choose an earlier position.")


def _details(shown: Shown, found: Anatomy, now: Looked, sequence: ShownSequence, time: int) -> None:
    task, unit = shown.run.experiment.task, min(now.unit or 0, found.spec.hidden - 1)
    with st.container(key="of-what"):
        of = f"unit {unit + 1} of the {name_within(now.label)}"
        st.markdown(f"#### Training step {shown.step:,} · time step {now.time + 1} · {of}")
        if get_state().looked.get("step") is None and shown.moving:
            st.caption(_FOLLOWS)
        if now.unit is None:
            st.caption(_MEANS)
        where(found, now.label, task, sequence, time)
    left, right = st.columns([5, 3], gap="large")
    with left, st.container(key="equations"):
        numbers.show(found, time, unit)
    with right:
        numbers.answers(found, task, time, sequence, unit)
        spec = shown.run.experiment.model(now.label)
        st.markdown(f"**Parameters:** {architectures.of(task).parameter_formula(spec, task)}")
        if (convention := found.spec.kind.convention) is not None:
            _ask(convention)
    numbers.terms(found, time, unit, now.label)


def cell(spec: ModelSpec, sequence: ShownSequence) -> Cell:
    """Which cell is taken apart."""
    return spec.kinds[sequence.half == DECODER]


def _ask(other: Convention) -> None:
    """In which of two conventions a cell is told, here and on the stage."""
    segments(other.asked, CONVENTION, [other.usual, other.title])
    st.caption(other.note)


def where(found: Anatomy, label: str, task: Task, sequence: ShownSequence, time: int) -> None:
    """What this step is, in a sentence."""
    spec, name = found.spec, f"encoder of the {name_within(label)}" if found.encodes else name_within(label)
    if found.decodes:
        st.markdown(decoder.where(found, label, task, time))
        return
    if found.layer:
        reads = f"layer {found.layer + 1} of the {name} reads what layer {found.layer} hands on"
    else:
        reads = f"the {name} reads **{escaped(sequence.tokens[time])}**"
    way = " It reads the sequence from its end, so the state before is that of the next time step." * found.backward
    told = " and the places around it" if task.at_once else spec.kind.told(spec)
    st.markdown(f"Time step {time + 1} of {found.steps}: {reads}{told}.{way}")
