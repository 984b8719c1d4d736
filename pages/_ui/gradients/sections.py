"""The gradient laboratory in sections: where a gradient comes from, what each step does to it, how far it reaches."""

import numpy as np
import streamlit as st

from pages._ui.gradients import breaking, laboratory
from pages._ui.gradients import drawings as drawn
from pages._ui.gradients.known import Known, known_of, sorry
from pages._ui.gradients.laboratory import Measurement
from pages._ui.gradients.reach import horizon, reach
from pages._ui.run import words
from pages._ui.run.choices import Choice
from pages._ui.run.place import columns, place
from pages._ui.run.shown import Shown
from pages._ui.run.shown import choice as choice_of
from pages._ui.session import link
from pages._ui.session.state import get_state
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import segments
from rnnviz.analysis.diagnoses import gone_at
from rnnviz.charts.theme import style_of
from rnnviz.findings.factors import each_step
from rnnviz.runs.states import DIRECTIONS
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import TASKS, task

REACH, STEPS, ORIGIN, ALL = "How far it reaches", "Step by step", "Where it comes from", "All three"
VIEWS = (REACH, STEPS, ORIGIN, ALL)
OF_ENCODERS = (REACH, STEPS)  # where a gradient comes from, through every look, is not taken apart


def show(shown: Shown) -> None:
    """The wanted section, or all of them, from one answer about each model; then what became of all weights."""
    breaking.before_training(shown)
    choice, translates = choice_of(get_state()), architectures.of(shown.run.experiment.task).writes
    view = segments("Look closer", Key.CLOSER, OF_ENCODERS if translates else VIEWS, titled=False)
    laboratory.prefetch(shown, choice.probe)
    with st.spinner("Measuring …"):
        known = known_of(shown, choice)
    _measured(shown, known)
    if translates and not shown.run.experiment.task.at_once:
        st.caption(
            "Of the encoder alone, on the symbols of this one input: how far back its last state reaches. A decoder "
            "with attention need not wait for that state, it looks at every one."
        )
    later = None
    if view in (REACH, ALL):
        left, right = st.columns(2, gap="medium")
        with left:
            reach(shown, known, choice)
        later = right.container(key="horizon")
    if view in (STEPS, ALL):
        _each_step(shown, known, choice)
        _cells(shown, known, choice)
    if view in (ORIGIN, ALL):
        _where_from(shown, known, choice)
    _weights(shown, choice)
    if later is not None:  # it takes longest, so all else stands before it
        with later:
            horizon(shown, choice)


def _measured(shown: Shown, known: Known) -> None:
    """Of which moment all is that follows."""
    steps = sorted({one.step for one in known.looks.values()})
    if steps:
        hold = " Pause, or move along the time line, to measure another moment." if shown.moving else ""
        st.caption(f"All that follows was measured at training step {_range(steps)}.{hold}")
    words.left_out(max((int(one.found["every"]) for one in known.looks.values()), default=1))


def _range(steps: list[int]) -> str:
    return f"{steps[0]:,}" if len(steps) == 1 else f"{steps[0]:,} to {steps[-1]:,}"


def _where_from(shown: Shown, known: Known, choice: Choice) -> None:
    st.markdown("### Where a gradient comes from, and how far it reaches")
    experiment = shown.run.experiment
    if experiment.task.answers.at_end:
        st.markdown(
            "This task asks once, at the end. There is one loss, at the last time step, so one row for each model. "
            "The brighter a cell, the more that loss depends on the state there."
        )
        with st.container(key="influence"):
            if known.looks:
                place(drawn.influence(shown, known.looks, choice), "influence")
            sorry(known.missing)
        _ask_at_every_step(shown)
        return
    st.markdown(
        "Each row is the loss at one time step s, each column the state at one time step t. The brighter, the more "
        "that loss depends on that state. The diagonal is a time step's own loss. How far a row shines to its left is "
        "how far back that loss can teach."
    )
    for label in columns(shown, "influence", choice, chained=True):
        if label in known.looks:
            place(drawn.influence(shown, {label: known.looks[label]}, choice), f"influence-{label}")
            _last_loss(shown, label, known.looks[label], choice)
        else:
            st.caption(escaped(known.missing.get(label, "")))


def _ask_at_every_step(shown: Shown) -> None:
    if shown.moving:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ask-every"):
        st.caption("A task that asks at every time step has a loss at each:")
        for name in (name for name, one in TASKS.items() if one.always_new and task(name).answers.at_every_step):
            st.button(
                TASKS[name].title,
                type="tertiary",
                icon=":material/arrow_forward:",
                on_click=link.turn,
                args=(Experiment(task(name)),),
            )


def _last_loss(shown: Shown, label: str, known: Measurement, choice: Choice) -> None:
    """How far the loss at the last step reaches back; nothing in the direction that begins there."""
    row = drawn.of(shown, label, known, "influence", choice)[-1]
    if choice.direction != DIRECTIONS[0] or not np.isfinite(row).all() or not row[-1] > 0:
        return
    back = gone_at(row)
    if back is None:
        st.caption("The gradient of the loss at the last time step still reaches the first state.")
    else:
        st.caption(
            "Of the gradient of the loss at the last time step less than 1/1000 is left after "
            f"{back} time step{'' if back == 1 else 's'}."
        )


def _each_step(shown: Shown, known: Known, choice: Choice) -> None:
    st.markdown("### What each time step does to the gradient")
    verdicts = each_step(_factors(shown, known, choice))
    if verdicts:
        st.markdown(f"**{escaped(' '.join(verdicts))}**")
        st.markdown(
            "Thick: the factor by which the gradient of this sequence changes, one time step back. "
            "Grey: singular values of the same Jacobian; the thick line lies between the largest and the smallest."
        )
    elif known.looks:
        st.markdown("Each Jacobian's largest singular value is the most by which a time step can enlarge a gradient.")
    for label in columns(shown, "jacobian", choice, chained=True):
        if label not in known.looks:
            st.caption(escaped(known.missing.get(label, "")))
        elif _by_cell(known.looks[label]):
            place(drawn.cell_jacobian_values(shown, label, known.looks, choice), f"jacobian-{label}")
            st.caption(shown.run.experiment.model(label).kind.carry)
        else:
            place(drawn.jacobian_values(shown, label, known.looks, choice), f"jacobian-{label}")


def _by_cell(look: Measurement) -> bool:
    """Whether the gradient goes back by a cell state first."""
    return "cell_jacobian_values" in look.found


def _factors(shown: Shown, known: Known, choice: Choice) -> dict[str, np.ndarray]:
    """Whose gradient → the factors that are drawn first of it; nothing of an encoder alone, which has no loss."""
    found = {}
    for label, look in known.looks.items():
        name, of = style_of(label).name, "cell_factor" if _by_cell(look) else "hidden_factor"
        if of in look.found:
            found[f"{name}, cell state" if _by_cell(look) else name] = drawn.of(shown, label, look, of, choice)
    return found


def _cells(shown: Shown, known: Known, choice: Choice) -> None:
    """Of models with a cell state: the gradient by h, and by which way the gradient by c comes."""
    for label, found in known.looks.items():
        if not _by_cell(found):
            continue
        name = style_of(label).name
        st.markdown(f"#### {name}: the second way, through h")
        left, right = st.columns(2, gap="medium")
        with left, st.container(key=f"through-hidden-{label}"):
            place(drawn.jacobian_values(shown, label, known.looks, choice), f"through-hidden-{label}")
            if "hidden_factor" in found.found:
                factor = drawn.of(shown, label, found, "hidden_factor", choice)
                st.caption(escaped(" ".join(each_step({f"{name}, hidden state": factor}))))
                st.caption("The thick line has both ways, the singular values only the one at a fixed cell state.")
        if "additive_share" not in found.found:
            continue
        with right, st.container(key=f"paths-{label}"):
            place(drawn.path_shares(shown, label, found, choice), f"paths-{label}")
            _shares(drawn.of(shown, label, found, "additive_share", choice))


def _shares(additive: np.ndarray) -> None:
    seen = additive[np.isfinite(additive)]
    if not seen.size:
        st.caption("No gradient arrives that could be shared out.")
        return
    share = f"{100 * float(np.median(seen)):.0f} %"
    st.caption(
        f"At the median time step {share} of the gradient by c takes the additive path. The two shares add up to 1; "
        "one is below 0 where they pull against each other."
    )


def _weights(shown: Shown, choice: Choice) -> None:
    """What became of W_hh, and how much of the gradient was clipped."""
    st.markdown("### What one time step does to a state: singular values of W_hh")
    words.singular_values(shown)
    for label in columns(shown, "singular", choice, chained=True):
        place(drawn.singular_values(shown, label, choice), f"singular-{label}")
    st.markdown("### Size of the whole gradient, before clipping")
    words.clipping(shown)
