"""What the gradient laboratory knows of the models of a run at a moment, or why it does not."""

import dataclasses

import streamlit as st

from pages._ui.gradients import drawings as drawn
from pages._ui.gradients import laboratory
from pages._ui.gradients.laboratory import Measurement
from pages._ui.run import place
from pages._ui.run.choices import Choice, has
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from rnnviz.charts.theme import style_of
from rnnviz.engine import EngineError


@dataclasses.dataclass(frozen=True)
class Known:
    """What is known of the models: an answer, or why there is none."""

    looks: dict[str, Measurement]
    missing: dict[str, str]


def known_of(shown: Shown, choice: Choice) -> Known:
    """What is known of all models that have the chosen layer and direction."""
    known = Known({}, dict.fromkeys(unchained(shown, choice), place.unchained(shown.run.experiment)))
    for label in laboratory.measured(shown):
        if not has(shown.run.experiment, label, choice):
            continue
        try:
            found = laboratory.measurement(shown, label, choice.probe)
        except (ValueError, EngineError) as error:
            known.missing[label] = str(error)
            continue
        if drawn.of(shown, label, found, "horizon", choice) < 0:
            known.missing[label] = (
                f"Nothing can be measured at training step {found.step:,}: its weights are no numbers any more."
            )
        else:
            known.looks[label] = found
    return known


def unchained(shown: Shown, choice: Choice) -> list[str]:
    """The models of which nothing is asked, because no gradient goes from state to state in them."""
    experiment = shown.run.experiment
    return [n for n in shown.at.measured if not experiment.built(n).recurrent and has(experiment, n, choice)]


def sorry(missing: dict[str, str]) -> None:
    """In place of what is missing."""
    for label, why in missing.items():
        st.caption(f"{style_of(label).name}: {escaped(why)}")
