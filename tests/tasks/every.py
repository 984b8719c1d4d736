"""Every task of the registry at its default, short and long, and what its batches must look like."""

from typing import Any

import numpy as np
import pytest

from rnnviz.core import limits
from rnnviz.tasks import TASKS, Task
from rnnviz.tasks.batch import PAD, Batch
from rnnviz.tasks.shapes import Flags, Symbols
from rnnviz.tasks.translating import END, Translating
from tests.support.midi_files import melody
from tests.support.review_files import table
from tests.support.series_files import series
from tests.support.tasks import task

SHORT: dict[str, dict[str, Any]] = {
    "adding": {"length": 9},
    "recall": {"lag": 4},
    "brackets": {"length": 9},
    "waves": {"length": 9},
    "throws": {"distance": 3.0},
}
SHORT["text"] = {"corpus": "hello", "length": 9}
SHORT |= {"dates": {"language": "ja"}, "reverse": {"length": 4, "letters": 3}, "sort": {"length": 4, "letters": 3}}
SHORT["pairs"] = {"text": "".join(f"{chr(97 + i)},{chr(65 + i)}\n" for i in range(26))}
SHORT["forecast"] = {"length": 10, "ahead": 2, "table": series(200, missing=True)}
SHORT["sentiment"] = {"table": table(60), "longest": 8}
LONG: dict[str, dict[str, Any]] = {
    name: {"length": limits.LONGEST_SEQUENCE} for name in ("adding", "brackets", "waves", "text")
}
LONG |= {name: {"length": 60, "letters": 26} for name in ("reverse", "sort")} | {"pairs": {"unit": "words"}}
LONG["sentiment"] = {"table": table(300, 150), "longest": limits.LONGEST_SEQUENCE}
SHORT["learners"] = {"skills": 2, "length": 9}
LONG["learners"] = {"skills": 10, "length": limits.LONGEST_SEQUENCE}
SHORT["music"] = {"style": "lament"}
LONG["music"] = {"melody": melody(500), "length": 100}
STORY = "The cat sat on the mat, and the dog lay by the door. Then it rained. " * 6
SHORT["autocomplete"] = {"corpus": "own", "text": STORY, "length": 6}
LONG["autocomplete"] = {"corpus": "manual", "length": limits.LONGEST_SEQUENCE}
LONG["captions"] = {"noise": 0.5}
SHORT |= {"motion": {"length": 4}, "frames": {"length": 4, "shapes": 1, "strip": False}}
LONG |= {"motion": {"length": 60}, "frames": {"length": 60, "shapes": 3}}
SHORT["traffic"] = {"length": 18}
LONG["traffic"] = {"length": 180, "incidents": 40.0}
BESIDE: dict[tuple[str, str], dict[str, Any]] = {  # where a field says something only beside others
    ("sentiment", "longest"): {"table": table(60)},
    ("sentiment", "vocabulary"): {"table": table(60)},
    ("music", "length"): {"melody": melody(500)},
    ("autocomplete", "vocabulary"): {"corpus": "manual"},
    ("autocomplete", "length"): {"corpus": "manual"},
}
LONG["throws"] = {"distance": 8.0, "camera_error": 10.0}
LONG["forecast"] = {"length": 300, "ahead": 14}
LONG["recall"] = {"lag": limits.LONGEST_SEQUENCE - 1, "letters": 26, "distractors": 26}

EVERY = [pytest.param(task(name, **params), id=f"{name}-{size}")
         for size, of in (("default", {}), ("short", SHORT), ("long", LONG))
         for name in TASKS
         for params in [of.get(name, {})]]  # fmt: skip
every_task = pytest.mark.parametrize("chosen", EVERY)
SEQUENCES = [name for name, kind in TASKS.items() if issubclass(kind, Translating)]
TEXTS = [name for name in SEQUENCES if TASKS[name].reads_text]  # type: ignore[attr-defined]
STEPWISE = [name for name in TASKS if name not in SEQUENCES]


def outputs_shape(chosen: Any, size: int) -> tuple[int, ...]:
    """What a model gives for `size` sequences."""
    if chosen.answers.at_end:
        return size, chosen.output_size
    return (chosen.output_steps if chosen.answers.name == "sequence" else chosen.steps), size, chosen.output_size


def right_outputs(chosen: Task, targets: np.ndarray) -> np.ndarray:
    """What a model gives that is right and sure of it."""
    of = chosen.answers.of
    if isinstance(of, Flags):
        return 9.0 * np.where(targets == 1, 1.0, -1.0)
    return targets if of.is_number else 9.0 * np.eye(chosen.output_size)[targets]


def check_batch(chosen: Task, batch: Batch, size: int) -> None:
    if chosen.answers.name == "sequence":
        check_sequences(chosen, batch, size)
    else:
        check_steps(chosen, batch, size)


def check_sequences(chosen: Any, batch: Batch, size: int) -> None:
    """Symbols as numbers, at least one, with nothing but `PAD` behind; every output ends with `END`."""
    assert batch.targets.shape == (chosen.output_steps, size)
    assert chosen.steps == chosen.input_steps + chosen.output_steps
    if chosen.reads_text:
        assert batch.inputs.shape == (chosen.input_steps, size)
        check_symbols(batch.inputs, chosen.input_size)
    else:
        assert batch.inputs.shape == (chosen.input_steps, size, chosen.input_size)
        assert batch.inputs.dtype == np.float32
    check_symbols(batch.targets, chosen.output_size)
    ends = batch.targets == END
    assert (ends.sum(axis=0) == 1).all()
    assert (ends.argmax(axis=0) == (batch.targets != PAD).sum(axis=0) - 1).all()


def check_symbols(places: np.ndarray, most: int) -> None:
    """Symbols as numbers, at least one, with nothing but `PAD` behind."""
    assert places.dtype == np.int64
    assert places.min() >= PAD and places.max() < most
    assert (places[0] != PAD).all()
    assert ((places[:-1] != PAD) | (places[1:] == PAD)).all()


def check_steps(chosen: Task, batch: Batch, size: int) -> None:
    if isinstance(chosen.reads, Symbols):
        assert batch.inputs.shape == (chosen.steps, size)
        check_symbols(batch.inputs, chosen.input_size)
    else:
        assert batch.inputs.shape == (chosen.steps, size, chosen.input_size)
        assert batch.inputs.dtype == np.float32
    answered = outputs_shape(chosen, size)
    if isinstance(chosen.answers.of, Flags):
        assert batch.targets.shape == answered
        assert batch.targets.dtype == np.int64
        assert set(np.unique(batch.targets)) <= {PAD, 0, 1}
        assert ((batch.targets != PAD).sum(-1) >= 1).all()
    elif not chosen.answers.of.is_number:
        assert batch.targets.shape == answered[:-1]
        assert batch.targets.dtype == np.int64
        unasked = batch.targets == PAD
        if chosen.answers.at_every_step and isinstance(chosen.reads, Symbols):
            over = batch.inputs == PAD
            assert unasked[over].all()
            if chosen.name != "autocomplete":  # of running text, words that are not told apart are not asked
                assert not unasked[~over].any()
        elif chosen.answers.at_every_step:
            assert not unasked[0].any() and (unasked[1:] >= unasked[:-1]).all(), "once nothing is asked, nothing is"
        else:
            assert not unasked.any()
        assert batch.targets.max() < chosen.output_size
    else:
        assert batch.targets.shape == answered
        assert batch.targets.dtype == np.float32
        assert chosen.answers.of.partial or np.isfinite(batch.targets).all()
