"""Which sequence the cells read: a probe, or what the visitor types."""

import dataclasses
import functools
import hashlib

import numpy as np
import streamlit as st

from pages._ui.run.choices import Choice
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, standing, stored
from rnnviz.errors import ExperimentError
from rnnviz.tasks import Task

KEY, GOOD = "anatomy.input", "anatomy.good"
ENCODER, DECODER = "encoder", "decoder"
_LONGEST_HINT = 60  # characters of a probe that stand in the empty box


@dataclasses.dataclass(frozen=True)
class Sequence:
    """One sequence.

    inputs: (T, 1, I), or symbols (T, 1) for an encoder, which embeds them.
    tokens: (T,), what each step reads, in words.
    probe:  its number if it is one of the task's; -1 if it was typed.
    half:   of an encoder–decoder, which half is taken apart on it: `ENCODER` or `DECODER`; else "".
    """

    inputs: np.ndarray
    tokens: tuple[str, ...]
    probe: int
    half: str = ""

    @functools.cached_property
    def digest(self) -> str:
        """A short hash of the inputs."""
        return hashlib.sha256(self.inputs.tobytes()).hexdigest()[:16]


def choose(task: Task, choice: Choice) -> Sequence:
    """Draw the box for a sequence of one's own; returns what it holds.

    Where it is empty, the probe; where it cannot be read, the last one that could, or the probe.
    """
    found = of_probe(task, choice.probe)
    hint = task.written(found.inputs[:, 0])
    hint = hint if len(hint) <= _LONGEST_HINT else hint[: _LONGEST_HINT - 1] + "…"
    title, key, good = "… or a sequence of your own", f"{KEY}.{task.name}", f"{GOOD}.{task.name}"
    typed = st.text_input(
        title, standing(key, ""), key=key, placeholder=hint, help=f"Type {task.typing}.", persist_state="session"
    )
    if not typed:
        put(good, None)
        return found
    try:
        put(good, Sequence(*task.encode(typed), -1))
    except ExperimentError as error:
        st.error(f"{escaped(str(error))} Shown is the sequence before it.")
    return stored(good) or found


@functools.lru_cache(maxsize=32)
def of_probe(task: Task, probe: int) -> Sequence:
    """One of the task's own sequences, of one that is not answered by a sequence."""
    inputs = task.probes().batch.inputs[:, probe : probe + 1]
    _, tokens = task.encode(task.written(inputs[:, 0]))
    return Sequence(inputs, tokens, probe)
