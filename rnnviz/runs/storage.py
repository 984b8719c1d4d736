"""A run as one safetensors file: arrays, and beside them the experiment and versions as JSON. Never pickle.

Every value of `rnnviz.specs.schema` is stacked over the frames that hold its model: `lstm/trace/hidden` is
(frame, layer, direction, time, sample, unit). What does not stack, the losses of single steps, stands end to end, and
`lstm/counts` says how many are of each frame.

A file is written in the newest format. One of an older format opens with the values that format has; an array that no
format has is left alone. What the experiment names by its hash travels in the file: `content/<hash>`.
"""

import errno
import importlib.metadata
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as serialized

from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError, RunFileError, shown
from rnnviz.core.version import VERSION
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.runs.readers import CONTENT, COUNTS, Damaged, called, read, sequences_of
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.schema import FORMAT, Held, held_by


def save(experiment: Experiment, frames: Sequence[Frame], path: Path, start: Branch | None = None) -> None:
    """Write a run. The file is complete or not there at all: it gets its name when it is whole.

    start: where its training started, if not with first weights; stands in the metadata of a branch alone.

    Raises:
        OSError: the place cannot be written to.
    """
    measured = {label: [f.models[label] for f in frames if label in f.models] for label in experiment.labels}
    file_format, arrays = _format_of(experiment, measured), dict[str, np.ndarray]()
    for label, models in measured.items():
        if models:
            held = held_by(experiment.model(label), experiment.task, file_format)
            arrays |= {f"{label}/{name}": array for name, array in _stacked(models, held).items()}
    for content in fields.contents_of(experiment.task):
        arrays[CONTENT + content.digest] = np.frombuffer(content.view(), np.uint8)
    part = _part(path)
    try:
        branch = {} if start is None else {"start": start.to_json(experiment)}
        part.write_bytes(serialized(arrays, _metadata(experiment, frames, file_format) | branch))
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


def load(path: Path) -> tuple[Experiment, list[Frame], Branch | None]:
    """The experiment, the frames and the start of a run that `save` wrote, bit for bit as it was.

    Raises:
        RunFileError: there is no such file, it is no run, or it is damaged.
    """
    try:
        if not path.is_file():
            raise Damaged("there is no such file")
        if path.stat().st_size > limits.LARGEST_RUN_FILE:
            raise Damaged(f"it has more than {limits.LARGEST_RUN_FILE:,} bytes")
        with safe_open(path, framework="numpy") as file:
            return read(file)
    except (OSError, SafetensorError):
        raise _refusal(path, "it is no safetensors file, or not all of it is there") from None
    except (Damaged, ExperimentError) as error:
        raise _refusal(path, str(error).rstrip(".")) from None


def _refusal(path: Path, why: str) -> RunFileError:
    return RunFileError(f"{shown(path.name)} is no run that can be read: {why}.")


def _format_of(experiment: Experiment, measured: Mapping[str, Sequence[ModelFrame]]) -> int:
    """The newest format of which the frames hold all values: those of an older version lack what came later."""
    lacking = {
        held.value.since
        for label, models in measured.items()
        for name, held in held_by(experiment.model(label), experiment.task).items()
        if any(name not in model for model in models)
    }
    return max(1, min(lacking, default=FORMAT + 1) - 1)


def _stacked(frames: list[ModelFrame], held: dict[str, Held]) -> dict[str, np.ndarray]:
    """The arrays of one model over its frames."""
    arrays = {COUNTS: np.array([len(frame.losses) for frame in frames], np.int64)}
    for name, one in held.items():
        found = [frame[name] for frame in frames]
        arrays[name] = np.concatenate(found) if one.value.each_step else np.stack(found)
    return arrays


def _metadata(experiment: Experiment, frames: Sequence[Frame], file_format: int) -> dict[str, str]:
    labels = experiment.labels
    index = {
        "steps": [frame.step for frame in frames],
        "ended": [frame.ended for frame in frames],
        "models": {label: [i for i, frame in enumerate(frames) if label in frame.models] for label in labels},
    }
    versions = {"rnnviz": VERSION, **{name: _version(name) for name in ("numpy", "torch")}}
    return {
        "format": called(file_format),
        "experiment": experiment.to_json(),
        "sequences": sequences_of(experiment),
        "versions": json.dumps({name: version for name, version in versions.items() if version}),
        "frames": json.dumps(index, separators=(",", ":")),
    }


def _version(package: str) -> str | None:
    """A package's version without importing it; None where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
