"""What a model loses without its attention, measured over all sequences that it never trained on."""

import streamlit as st

from pages._ui.attention.decoding import damaged
from pages._ui.run.shown import Shown
from pages._ui.session.trouble import guarded
from pages._ui.widgets import tables
from rnnviz.charts.theme import style_of
from rnnviz.core.names import counted, percent

ROWS = (
    ("normal", "its attention as it is"),
    ("even", "spread evenly over all that was read"),
    ("away", "taken away: the context is all zeros"),
)


def show(shown: Shown, label: str) -> None:
    """Exact match with the attention as it is, spread evenly, and taken away."""
    task, name = shown.run.experiment.task, style_of(label).name
    st.markdown("#### And over all held-out sequences")
    with guarded():
        seen = damaged(shown, label)
        found = {key: tables.safe(percent(float(value))) for key, value in seen.found.items()}
        about = f"Exact match of the {name} on held-out sequences"
        rows = [(said, (found[key],)) for key, said in ROWS]
        tables.table((f"{name} with …", "exact match"), rows, "damage", about=about)
        st.caption(
            f"On {counted(task.held_out().inputs.shape[1], 'sequence')} that no model trains on, "
            f"after {counted(seen.step, 'training step')}. "
            "The model was trained with its attention and got no chance to learn without. This is what it relies on, "
            "not what a model without attention could learn."
        )
