"""Outputs drawn by chance, beside the greedy one."""

import streamlit as st

from pages._ui.attention import watch
from pages._ui.attention.output import Output
from pages._ui.attention.search import ways
from pages._ui.run.sequence_input import Input
from pages._ui.run.shown import Shown
from pages._ui.widgets.temperature import temperature
from pages._ui.widgets.values import put, standing
from rnnviz.core.names import listed
from rnnviz.runs.translation import Decoding

TEMPERATURE, TURN = "attention.search.temperature", "attention.search.turn"
DRAWS = 5


def show(shown: Shown, label: str, given: Input) -> None:
    """The draws of this turn, and what they have in common."""
    temperature, turn = _controls()
    greedy = watch.model_output(shown, label, given)
    how = [Decoding(temperature=temperature, seed=DRAWS * turn + place) for place in range(DRAWS)]
    drawn = [watch.model_output(shown, label, given, one) for one in how]
    rows = [("greedy", _cells(greedy, given))]
    rows += [(f"draw {DRAWS * turn + place + 1}", _cells(one, given)) for place, one in enumerate(drawn)]
    about = "The greedy output and five that were drawn, with their probabilities"
    ways.table(("", "output", "right", "log-probability", "probability"), rows, "draws", about)
    st.markdown(said(greedy, drawn, temperature, given))
    st.caption("Probabilities are the model’s own, those at temperature 1.")


def said(greedy: Output, drawn: list[Output], temperature: float, given: Input) -> str:
    """How the draws compare with the greedy output, in a sentence or two."""
    same = sum(one.text == greedy.text for one in drawn)
    parts = [f"{_are(same)} the greedy output"]
    if given.right:
        parts.append(f"{_are(sum(one.exact for one in drawn))} right")
    flat = ""
    if temperature != 1:
        flat = " Below temperature 1 likely symbols" if temperature < 1 else " Above temperature 1 unlikely symbols"
        flat += " are drawn more often than the model would have it."
    different = len({one.text for one in drawn})
    apart = f"; among them are {different} different outputs" if different > 1 else ""
    return f"Of the {len(drawn)} draws {listed(parts)}{apart}.{flat}"


def _controls() -> tuple[float, int]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="sampling"):
        chosen = temperature(TEMPERATURE, 0.1, 1.0, "low is bold, high is random")
        st.button("Draw again", key="attention.search.again", on_click=_again)
    return chosen, standing(TURN, 0)


def _again() -> None:
    put(TURN, standing(TURN, 0) + 1)


def _are(number: int) -> str:
    count = "none" if number == 0 else "all" if number == DRAWS else str(number)
    return f"{count} {'is' if number < 2 else 'are'}"


def _cells(output: Output, given: Input) -> tuple[str, ...]:
    ended = "" if len(output.classes) and output.classes[-1] == 0 else " …"
    return output.text + ended, ways.sign(output.exact, given), *ways.of_all(ways.logp(output))
