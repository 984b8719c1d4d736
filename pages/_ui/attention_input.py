"""Which input the Attention page shows: one of the task's probes, or what the visitor typed."""

import dataclasses

import numpy as np

from rnnviz.tasks.translating import Translating


@dataclasses.dataclass(frozen=True, eq=False)
class Input:
    """One input.

    codes:  (input_time,) int64, places in the task's `symbols`.
    tokens: its symbols as they are shown; a space is ␣.
    right:  the right output as it is written; "" where it is not known.
    """

    codes: np.ndarray
    tokens: tuple[str, ...]
    right: str


def of_text(task: Translating, text: str) -> Input:
    """What a visitor typed.

    Raises:
        ExperimentError: it is no input of this task.
    """
    codes = task.read(text)
    return Input(codes, tuple(str(token) for token in task.shown(codes, task.symbols)), task.right(codes))
