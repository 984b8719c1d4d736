"""Which sequence the cells read: a probe, or what the visitor types."""

import dataclasses
import functools
import hashlib

import numpy as np
import streamlit as st

from pages._ui.choices import Choice
from pages._ui.marks import escaped
from pages._ui.values import standing
from rnnviz.errors import ExperimentError
from rnnviz.tasks import Task
from rnnviz.tasks.translating import PAD, Translating

KEY = "anatomy.input"
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
    """Draw the box for a sequence of one's own; returns what it holds, or the probe if that cannot be read."""
    found = of_probe(task, choice.probe)
    hint = task.spell(found.inputs[:, 0]) if isinstance(task, Translating) else task.written(found.inputs[:, 0])
    hint = hint if len(hint) <= _LONGEST_HINT else hint[: _LONGEST_HINT - 1] + "…"
    title = "… or a sequence of your own"
    typed = st.text_input(
        title, standing(KEY, ""), key=KEY, placeholder=hint, help=f"Type {task.typing}.", persist_state="session"
    )
    if not typed:
        return found
    try:
        inputs, tokens = read(task, typed)
    except ExperimentError as error:
        st.error(f"{escaped(str(error))} Shown is the sequence chosen before.")
        return found
    return Sequence(inputs, tokens, -1)


def read(task: Task, typed: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """A sequence as it is typed: what the cells read, and what stands for each of its steps.

    Raises:
        ExperimentError: it is no such sequence.
    """
    return _symbols(task, task.read(typed)[:, None]) if isinstance(task, Translating) else task.encode(typed)


def _symbols(task: Translating, inputs: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    return inputs, tuple(str(token) for token in task.shown(inputs[:, 0], task.symbols))


@functools.lru_cache(maxsize=32)
def of_probe(task: Task, probe: int) -> Sequence:
    """One of the task's own sequences, of an encoder's without what comes after its end."""
    inputs = task.probes().batch.inputs[:, probe : probe + 1]
    if isinstance(task, Translating):
        return Sequence(*_symbols(task, inputs[inputs[:, 0] != PAD]), probe)
    _, tokens = task.encode(task.written(inputs[:, 0]))
    return Sequence(inputs, tokens, probe)
