"""Sequences that can be listened to: those of the task, and what models write."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages._ui.session.state import get_state
from rnnviz.tasks.abilities import Heard

TITLE = "Listen to the sequences"


def show() -> None:
    """A player for each probe of a task that can be heard, made when the box is opened."""
    task = get_state().experiment.task
    if not isinstance(task, Heard):
        return
    box = st.expander(TITLE, key="listen", on_change="rerun")
    if box.open:
        probes = task.probes()
        with box:
            heard = np.concatenate(
                [probes.batch.inputs[:1], probes.batch.targets]
            )  # the first symbol, and all after it
            players(task, dict(zip(probes.names, heard.T, strict=True)))


def players(task: Heard, symbols: Mapping[str, np.ndarray]) -> None:
    """A player for each sequence, side by side; symbols: name → places (time,)."""
    if not symbols:
        return
    for column, (name, places) in zip(st.columns(len(symbols)), symbols.items(), strict=True):
        column.markdown(f"**{name}**")
        if sound := task.sound(places):
            column.audio(sound, format="audio/wav")
        else:
            column.caption("Nothing to be heard.")
