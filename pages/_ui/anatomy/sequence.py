"""Which sequence the cells read: a probe, or what the visitor types."""

import dataclasses
import functools
import hashlib

import numpy as np
import streamlit as st

from pages._ui.run import sequence_input
from pages._ui.run.own_sequence import key_of
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, standing, stored
from rnnviz import analysis
from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import listed
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Task
from rnnviz.tasks.translating import Translating

GOOD = "anatomy.good"
ENCODER, DECODER = "encoder", "decoder"
_LONGEST_HINT = 60  # characters of a probe that stand in the empty box


@dataclasses.dataclass(frozen=True)
class ShownSequence:
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


def of_stage(experiment: Experiment, probe: int, time: int) -> tuple[ShownSequence, int]:
    """The sequence of the stage at one of its time steps (from 0), and which step of it that is.

    The stage shows both halves of an encoder–decoder one after the other.
    """
    task = experiment.task
    if not isinstance(task, Translating):
        found = of_probe(task, probe)
        return found, min(time, len(found.tokens) - 1)
    given, read = sequence_input.of_probe(task, probe), analysis.probe_read_steps(experiment, probe)
    last = len(analysis.tokens(experiment, probe)) - 1
    half = ENCODER if time < read else DECODER
    return ShownSequence(given.codes[:, None], given.tokens, -1, half), min(time, last) - (
        read if half == DECODER else 0
    )


def typed(task: Task, probe: int) -> ShownSequence | None:
    """Draw the box for a sequence of one's own; returns what it holds, or None where it is empty.

    Where it cannot be read, the last one that could.
    """
    hint = task.written(of_probe(task, probe).inputs[:, 0])
    hint = hint if len(hint) <= _LONGEST_HINT else hint[: _LONGEST_HINT - 1] + "…"
    title, key, good = "A sequence of your own", key_of(task), f"{GOOD}.{task.name}"
    text = st.text_input(
        title, standing(key, ""), key=key, placeholder=hint, help=f"Type {task.typing}.", persist_state="session"
    )
    if not text:
        put(good, None)
        return None
    try:
        put(good, ShownSequence(*task.encode(text), -1))
        if unread := task.unread(text):
            st.caption(f"Not known, so read as one word for all of these: {escaped(listed(unread))}.")
    except ExperimentError as error:
        before = " Shown is the sequence before it." if stored(good) else ""
        st.error(f"{escaped(str(error))}{before}")
    found: ShownSequence | None = stored(good)
    return found


@functools.lru_cache(maxsize=8)  # of 200 kB at most
def of_probe(task: Task, probe: int) -> ShownSequence:
    """One of the task's own sequences, of one that is not answered by a sequence."""
    batch = task.probes().batch
    inputs = batch.inputs[: batch.lengths[probe], probe : probe + 1]
    _, tokens = task.encode(task.written(inputs[:, 0]))
    return ShownSequence(inputs, tokens, probe)
