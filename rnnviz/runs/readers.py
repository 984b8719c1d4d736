"""Readers of the files of runs, one for each format; a file may say anything, so everything in it is checked first."""

import functools
import hashlib
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.core.contents import keep
from rnnviz.core.errors import shown
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.specs.branch import Branch, first_step
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.schema import FORMAT, Held, held_by, line_of

LONGEST_SENTENCE = 300  # characters of why a model ended
CONTENT = "content/"  # begins the name of an array of bytes: what the experiment names by its hash
COUNTS = "counts"  # of the single steps of each frame: a part of the file that is not measured
_TYPES: dict[str, type] = {
    "F64": np.float64,
    "F32": np.float32,
    "F16": np.float16,
    "I64": np.int64,
    "I16": np.int16,
    "BOOL": np.bool_,
}

Found = tuple[Experiment, list[Frame], Branch | None]
Declared = tuple[type, tuple[int | None, ...]]  # type and shape of an array in a file; None: any length


class Damaged(ValueError):
    """Why a file is no run, in words that follow "FILE is no run that can be read: "."""


def called(file_format: int) -> str:
    """A format as its files say it."""
    return f"rnnviz run {file_format}"


def read(file: Any) -> Found:
    """The run in an open safetensors file: its experiment, its frames, and where its training started.

    Raises:
        Damaged: it is none, or it is damaged.
        ExperimentError: its experiment is damaged.
    """
    metadata = file.metadata() or {}
    reader = READERS.get(metadata.get("format", ""))
    if reader is None:
        raise Damaged(f"it does not say that it is a {' or a '.join(READERS)}")
    return reader(file, metadata)


def _read_stacked(file_format: int, file: Any, metadata: dict[str, str]) -> Found:
    """The reader of all formats so far: they differ only in the values they have."""
    experiment = Experiment.from_json(metadata.get("experiment", ""))
    _take_content(file, experiment)
    experiment.checked()
    start = Branch.from_json(metadata["start"], experiment) if "start" in metadata else None
    index = _Index(experiment, metadata.get("frames", ""))
    if index.steps and index.steps[0] < first_step(start):
        raise Damaged("it has frames from before the step at which it starts")
    held = {
        label: held_by(experiment.model(label), experiment.task, file_format)
        for label, places in index.models.items()
        if places
    }
    expected = {
        f"{label}/{name}": declared
        for label, values in held.items()
        for name, declared in _declared(values, len(index.models[label])).items()
    }
    _check_arrays(file, expected, file_format)
    if metadata.get("sequences") != sequences_of(experiment):
        raise Damaged("its models read other sequences than this version of Python and rnnviz makes of its experiment")
    models = {label: _unstacked(file, label, values) for label, values in held.items()}
    frames = []
    for place, (step, ended) in enumerate(zip(index.steps, index.ended, strict=True)):
        present = [label for label, places in index.models.items() if place in places]
        frames.append(Frame(step, {label: next(models[label]) for label in present}, ended))
    return experiment, frames, start


def _take_content(file: Any, experiment: Experiment) -> None:
    """Store what the file brings along of what its experiment names by its hash."""
    for content in fields.contents_of(experiment.task):
        name = CONTENT + content.digest
        if name not in file.keys():  # noqa: SIM118 (it is no dict)
            continue
        declared = file.get_slice(name)
        if declared.get_dtype() != "U8" or len(shape := declared.get_shape()) != 1:
            raise Damaged("what it brings along to learn from is damaged")
        if shape[0] > limits.LARGEST_CONTENT or keep(file.get_tensor(name).tobytes()) != content:
            raise Damaged("what it brings along to learn from is not what its experiment names")


Reader = Callable[[Any, dict[str, str]], Found]
READERS: dict[str, Reader] = {
    called(number): functools.partial(_read_stacked, number) for number in range(1, FORMAT + 1)
}


def sequences_of(experiment: Experiment) -> str:
    """A hash of what the models read, as it is written beside their states: 16 hexadecimal digits.

    It is made anew wherever the run is opened: the text of a Python module differs between versions, and so may the
    sequences that a task shows. Where these have no symbols their names stand for them.
    """
    probes = experiment.task.probes()
    read = [[str(token) for token in row] for row in probes.tokens]
    if not any(itertools.chain(*read)):  # films and flights have no symbols
        read = [list(probes.names)]
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()[:16]


class _Index:
    """Which frames there are, and which models they hold; checked, for a file may say anything."""

    def __init__(self, experiment: Experiment, text: str) -> None:
        try:
            found = json.loads(text)
            self.steps, self.ended, models = found["steps"], found["ended"], found["models"]
            grows = _grows(self.steps, experiment.training.steps)
            fine = grows and self._ended_fit(experiment) and list(models) == [*experiment.labels]
            self.models = {label: self._places(models[label]) for label in experiment.labels} if fine else {}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            fine = False
        if not fine:
            raise Damaged("its list of frames is damaged")

    def _ended_fit(self, experiment: Experiment) -> bool:
        said = [(label, why) for ended in self.ended for label, why in ended.items()]
        plain = all(isinstance(w, str) and len(w) <= LONGEST_SENTENCE and w.isprintable() for _, w in said)
        return len(self.ended) == len(self.steps) and plain and {label for label, _ in said} <= {*experiment.labels}

    def _places(self, places: Any) -> frozenset[int]:
        if not _grows(places, len(self.steps) - 1):
            raise ValueError
        return frozenset(places)


def _grows(numbers: Any, largest: int) -> bool:
    """Whether `numbers` is a list of whole numbers from 0 to `largest`, each larger than the one before."""
    whole = isinstance(numbers, list) and all(type(n) is int and 0 <= n <= largest for n in numbers)
    return whole and all(a < b for a, b in itertools.pairwise(numbers))


def _declared(held: dict[str, Held], frames: int) -> dict[str, Declared]:
    """Name → type and shape of every array in a file of one model over so many frames."""
    found: dict[str, Declared] = {COUNTS: (np.int64, (frames,))}
    for name, one in held.items():
        found[name] = one.value.kind, (None,) if one.value.each_step else (frames, *one.shape)
    return found


def _check_arrays(file: Any, expected: dict[str, Declared], file_format: int) -> None:
    """Compare what the file declares with what its experiment has, before anything is read."""
    present = set(file.keys())
    for name in sorted(present ^ set(expected)):
        if name not in present:
            raise Damaged(f"{shown(name)} is missing")
        if _is_known(name, file_format):
            raise Damaged(f"its experiment has no {shown(name)}")
    for name, (kind, shape) in expected.items():
        declared = file.get_slice(name)
        found = tuple(declared.get_shape())
        fits = len(found) == len(shape) and all(n in (None, m) for n, m in zip(shape, found, strict=True))
        if not fits or _TYPES.get(declared.get_dtype()) is not kind:
            raise Damaged(f"{shown(name)} has a wrong shape or type")


def _is_known(name: str, file_format: int) -> bool:
    """Whether a file of a format may have such an array, of some model: others are left alone."""
    value = name.partition("/")[2]
    line = line_of(value)
    return value == COUNTS or (line is not None and line.since <= file_format)


def _unstacked(file: Any, label: str, held: dict[str, Held]) -> Iterator[ModelFrame]:
    """The frames of one model, one after the other, as views of the stacked arrays."""
    counts, arrays = (file.get_tensor(f"{label}/{COUNTS}"), {name: file.get_tensor(f"{label}/{name}") for name in held})
    totals = {len(arrays[name]) for name, one in held.items() if one.value.each_step}
    if counts.min() < 0 or counts.max() > min(totals) or totals != {counts.sum()}:
        raise Damaged("its losses of single steps are damaged")
    for name, one in held.items():
        if one.most is not None and ((arrays[name] < 0) | (arrays[name] > one.most)).any():
            # not-a-number may be: on a probe a model's numbers may overflow
            raise Damaged(f"{shown(f'{label}/{name}')} has values out of range")
    stops = np.cumsum(counts)
    for place in range(len(counts)):
        steps = slice(stops[place] - counts[place], stops[place])
        yield ModelFrame({name: _one(arrays[name], one, place, steps) for name, one in held.items()})


def _one(array: np.ndarray, held: Held, place: int, steps: slice) -> Any:
    """What one frame holds of a stacked array: a view of it, or a number."""
    if held.value.each_step:
        return array[steps]
    return array[place] if held.shape else array[place].item()
