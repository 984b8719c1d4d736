"""A run as one safetensors file: arrays, and beside them the experiment and versions as JSON. Never pickle.

Every array is stacked over the frames that hold its model: `lstm/trace/hidden` is
(frame, layer, direction, time, sample, unit). What does not stack, the losses of single steps, stands end to end.
"""

import errno
import hashlib
import importlib.metadata
import itertools
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as serialized

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, RunFileError, shown
from rnnviz.core.version import VERSION
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.sizes import answer_steps, shapes_of, translated_shapes, variables_of

FORMAT = "rnnviz run 1"
LONGEST_SENTENCE = 300  # characters of why a model ended
_SCALARS = ("loss", "score", "grad_norm")
_PER_STEP = ("losses", "grad_norms")
_TYPES: dict[str, type] = {
    "F64": np.float64,
    "F32": np.float32,
    "F16": np.float16,
    "I64": np.int64,
    "I16": np.int16,
    "BOOL": np.bool_,
}
TRANSLATED_TYPES: dict[str, type] = {"attention": np.float16, "written": np.int16}  # all else is float32

Shape = tuple[int | None, ...]  # None: any


class _Damaged(ValueError):
    """Why a file is no run, in words that follow "FILE is no run that can be read: "."""


def save(experiment: Experiment, frames: Sequence[Frame], path: Path) -> None:
    """Write a run. The file is complete or not there at all: it gets its name when it is whole.

    Raises:
        OSError: the place cannot be written to.
    """
    arrays: dict[str, np.ndarray] = {}
    for label in experiment.labels:
        measured = [frame.models[label] for frame in frames if label in frame.models]
        if measured:
            arrays |= {f"{label}/{name}": array for name, array in _stacked(measured).items()}
    part = _part(path)
    try:
        part.write_bytes(serialized(arrays, _metadata(experiment, frames)))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def try_place(path: Path) -> None:
    """Find out whether a run could be saved there, before it is trained.

    Raises:
        OSError: the place cannot be written to.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    part = _part(path)
    part.touch()
    part.unlink()


def _part(path: Path) -> Path:
    """Where a run is written until it is whole."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def load(path: Path) -> tuple[Experiment, list[Frame]]:
    """The experiment and the frames of a run that `save` wrote, bit for bit as it was.

    Raises:
        RunFileError: there is no such file, it is no run, or it is damaged.
    """
    try:
        if not path.is_file():
            raise _Damaged("there is no such file")
        if path.stat().st_size > limits.LARGEST_RUN_FILE:
            raise _Damaged(f"it has more than {limits.LARGEST_RUN_FILE:,} bytes")
        with safe_open(path, framework="numpy") as file:
            return _read(file)
    except (OSError, SafetensorError):
        raise _refusal(path, "it is no safetensors file, or not all of it is there") from None
    except (_Damaged, ExperimentError) as error:
        raise _refusal(path, str(error).rstrip(".")) from None


def _refusal(path: Path, why: str) -> RunFileError:
    return RunFileError(f"{shown(path.name)} is no run that can be read: {why}.")


def _stacked(frames: list[ModelFrame]) -> dict[str, np.ndarray]:
    """The arrays of one model over its frames."""
    first = frames[0]
    arrays = {name: np.array([getattr(f, name) for f in frames], np.float64) for name in _SCALARS}
    arrays |= {name: np.concatenate([getattr(f, name) for f in frames]) for name in _PER_STEP}
    arrays["counts"] = np.array([len(f.losses) for f in frames], np.int64)
    arrays["clipped"] = np.array([f.clipped for f in frames], np.bool_)
    same = ["hidden_grad_norm", "singular_values", "outputs"]
    same += [] if first.cell_grad_norm is None else ["cell_grad_norm"]
    arrays |= {name: np.stack([getattr(f, name) for f in frames]) for name in same}
    arrays |= {f"trace/{name}": np.stack([f.trace[name] for f in frames]) for name in first.trace}
    arrays |= {f"translated/{name}": np.stack([f.translated[name] for f in frames]) for name in first.translated}
    return arrays | {f"weights/{name}": np.stack([f.weights[name] for f in frames]) for name in first.weights}


def _metadata(experiment: Experiment, frames: Sequence[Frame]) -> dict[str, str]:
    labels = experiment.labels
    index = {
        "steps": [frame.step for frame in frames],
        "ended": [frame.ended for frame in frames],
        "models": {label: [i for i, frame in enumerate(frames) if label in frame.models] for label in labels},
    }
    versions = {"rnnviz": VERSION, **{name: _version(name) for name in ("numpy", "torch")}}
    return {
        "format": FORMAT,
        "experiment": experiment.to_json(),
        "sequences": _sequences(experiment),
        "versions": json.dumps({name: version for name, version in versions.items() if version}),
        "frames": json.dumps(index, separators=(",", ":")),
    }


def _sequences(experiment: Experiment) -> str:
    """A hash of what the models read, as it is written beside their states: 16 hexadecimal digits.

    It is made anew wherever the run is opened, and the text of a Python module differs between versions.
    """
    tokens = experiment.task.probes().tokens
    return hashlib.sha256(json.dumps([[str(token) for token in row] for row in tokens]).encode()).hexdigest()[:16]


def _version(package: str) -> str | None:
    """A package's version without importing it; None where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _read(file: Any) -> tuple[Experiment, list[Frame]]:
    metadata = file.metadata() or {}
    if metadata.get("format") != FORMAT:
        raise _Damaged(f"it does not say that it is a {FORMAT}")
    experiment = Experiment.from_json(metadata.get("experiment", ""))
    index = _Index(experiment, metadata.get("frames", ""))
    expected: dict[str, tuple[type, Shape]] = {}
    for label, places in index.models.items():
        shapes = _shapes(experiment, label, len(places)) if places else {}
        expected |= {f"{label}/{name}": of for name, of in shapes.items()}
    _check_arrays(file, expected)
    if metadata.get("sequences") != _sequences(experiment):
        raise _Damaged("its models read other sequences than this version of Python and rnnviz makes of its experiment")
    classes = experiment.task.output_size
    models = {label: _unstacked(file, label, len(places), classes) for label, places in index.models.items()}
    frames = []
    for place, (step, ended) in enumerate(zip(index.steps, index.ended, strict=True)):
        present = [label for label, places in index.models.items() if place in places]
        frames.append(Frame(step, {label: next(models[label]) for label in present}, ended))
    return experiment, frames


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
            raise _Damaged("its list of frames is damaged")

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


def _shapes(experiment: Experiment, label: str, frames: int) -> dict[str, tuple[type, Shape]]:
    """Name → type and shape of every array that a model of this experiment has."""
    task, spec = experiment.task, experiment.model(label)
    stack, samples = (frames, spec.layers, spec.directions), task.probes().batch.inputs.shape[1]
    shapes: dict[str, tuple[type, Shape]] = dict.fromkeys(_SCALARS, (np.float64, (frames,)))
    shapes |= dict.fromkeys(_PER_STEP, (np.float32, (None,)))
    shapes |= {"counts": (np.int64, (frames,)), "clipped": (np.bool_, (frames,))}
    norms = ("hidden_grad_norm", "cell_grad_norm") if spec.has_cell_state else ("hidden_grad_norm",)
    shapes |= dict.fromkeys(norms, (np.float32, (*stack, task.steps)))
    shapes["singular_values"] = np.float32, (*stack, len(spec.kind.blocks), spec.hidden)
    shapes["outputs"] = np.float16, (frames, answer_steps(task), samples, task.output_size)
    states = (*stack, task.steps, samples, spec.hidden)
    shapes |= {f"trace/{name}": (np.float16, states) for name in variables_of(spec)}
    for name, shape in translated_shapes(spec, task).items():
        shapes[f"translated/{name}"] = TRANSLATED_TYPES.get(name, np.float32), (frames, *shape)
    weights = shapes_of(spec, task)
    return shapes | {f"weights/{name}": (np.float32, (frames, *shape)) for name, shape in weights.items()}


def _check_arrays(file: Any, expected: dict[str, tuple[type, Shape]]) -> None:
    """Compare what the file declares with what its experiment has, before anything is read."""
    present = set(file.keys())
    for name in sorted(present ^ set(expected)):
        raise _Damaged(f"its experiment has no {shown(name)}" if name in present else f"{shown(name)} is missing")
    for name, (kind, shape) in expected.items():
        declared = file.get_slice(name)
        found = tuple(declared.get_shape())
        fits = len(found) == len(shape) and all(n in (None, m) for n, m in zip(shape, found, strict=True))
        if not fits or _TYPES.get(declared.get_dtype()) is not kind:
            raise _Damaged(f"{shown(name)} has a wrong shape or type")


def _unstacked(file: Any, label: str, count: int, classes: int) -> Iterator[ModelFrame]:
    """The frames of one model, one after the other, as views of the stacked arrays."""
    if not count:
        return
    names = list(file.keys())
    arrays = {name.partition("/")[2]: file.get_tensor(name) for name in names if name.startswith(label + "/")}
    counts, total = arrays["counts"], len(arrays["losses"])
    if len(arrays["grad_norms"]) != total or counts.min() < 0 or counts.max() > total or counts.sum() != total:
        raise _Damaged("its losses of single steps are damaged")
    for name, highest in (("translated/written", classes - 1), ("translated/attention", 1)):
        found = arrays.get(name, np.zeros(0))
        if ((found < 0) | (found > highest)).any():  # NaN may be: on a probe a model's numbers may overflow
            raise _Damaged(f"{shown(f'{label}/{name}')} has values out of range")
    stops = np.cumsum(counts)
    for place in range(count):
        steps = slice(stops[place] - counts[place], stops[place])
        yield _one(arrays, place, steps)


def _one(arrays: dict[str, np.ndarray], place: int, steps: slice) -> ModelFrame:
    def part(of: str) -> dict[str, np.ndarray]:
        return {name.removeprefix(of): array[place] for name, array in arrays.items() if name.startswith(of)}

    return ModelFrame(
        loss=float(arrays["loss"][place]),
        score=float(arrays["score"][place]),
        grad_norm=float(arrays["grad_norm"][place]),
        losses=arrays["losses"][steps],
        grad_norms=arrays["grad_norms"][steps],
        clipped=bool(arrays["clipped"][place]),
        hidden_grad_norm=arrays["hidden_grad_norm"][place],
        cell_grad_norm=arrays["cell_grad_norm"][place] if "cell_grad_norm" in arrays else None,
        singular_values=arrays["singular_values"][place],
        trace=part("trace/"),
        outputs=arrays["outputs"][place],
        weights=part("weights/"),
        translated=part("translated/"),
    )
