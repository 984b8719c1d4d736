"""Files that are no runs, or damaged ones: one clear sentence, and quickly."""

import dataclasses
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file

from rnnviz.core import limits
from rnnviz.core.errors import RunFileError
from rnnviz.nn.train.training import run
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task
from tests.support.refusals import SCRIPT, is_one_clear_sentence, refused


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run as it should be."""
    path = tmp_path_factory.mktemp("runs") / "good.run"
    models = (ModelSpec("rnn", 3), ModelSpec("lstm", 2))
    run(Experiment(task("adding", length=6), models, TrainingSpec(steps=2, batch=2))).save(path)
    return path


def header_of(data: bytes) -> dict[str, Any]:
    return json.loads(data[8 : 8 + struct.unpack("<Q", data[:8])[0]])


def with_header(data: bytes, header: dict[str, Any]) -> bytes:
    size = struct.unpack("<Q", data[:8])[0]
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data[8 + size :]


def with_metadata(**changed: str | None) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        header = header_of(data)
        for name, value in changed.items():
            header["__metadata__"].pop(name)
            header["__metadata__"] |= {} if value is None else {name: value}
        return with_header(data, header)

    return change


def with_frames(**changed: Any) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        index = json.loads(header_of(data)["__metadata__"]["frames"])
        return with_metadata(frames=json.dumps(index | changed))(data)

    return change


def with_tensor(name: str, **changed: Any) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        header = header_of(data)
        header[name] |= changed
        return with_header(data, header)

    return change


def renamed(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        header = header_of(data)
        header[new] = header.pop(old)
        return with_header(data, header)

    return change


FILES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("empty", lambda data: b"", "safetensors"),
    ("one byte", lambda data: b"x", "safetensors"),
    ("random bytes", lambda data: bytes(range(256)) * 40, "safetensors"),
    ("a picture", lambda data: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "safetensors"),
    ("a zip", lambda data: b"PK\x03\x04" + bytes(100), "safetensors"),
    ("a pickle", lambda data: b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00cos\nsystem\n", "safetensors"),
    ("text", lambda data: b"step,model,loss\n0,rnn,0.5\n", "safetensors"),
    ("HTML", lambda data: f"<html>{SCRIPT}</html>".encode(), "safetensors"),
    ("cut in its header", lambda data: data[:100], "safetensors"),
    ("cut at its end", lambda data: data[:-1], "safetensors"),
    ("longer than it says", lambda data: data + b"x", "safetensors"),
    ("a header of 2^63 bytes", lambda data: struct.pack("<Q", 2**63) + data[8:], "safetensors"),
    ("a header of 2^64-1 bytes", lambda data: struct.pack("<Q", 2**64 - 1) + data[8:], "safetensors"),
    ("a header that is no JSON", lambda data: data[:8] + b"[" * 50 + data[58:], "safetensors"),
    ("a huge tensor", with_tensor("rnn/loss", shape=[2**40]), "safetensors"),
    ("a tensor beyond 2^64", with_tensor("rnn/loss", shape=[2**40, 2**40, 2**40]), "safetensors"),
    ("a tensor out of the file", with_tensor("rnn/loss", data_offsets=[2**50, 2**50 + 24]), "safetensors"),
    ("an unknown type", with_tensor("rnn/loss", dtype="F7"), "safetensors"),
    ("another type", with_tensor("rnn/loss", dtype="I64"), "'rnn/loss' has a wrong shape or type"),
    ("another shape", with_tensor("rnn/loss", shape=[3, 1]), "'rnn/loss' has a wrong shape or type"),
    ("a missing tensor", renamed("lstm/cell_grad_norm", "lstm/other"), "'lstm/cell_grad_norm' is missing"),
    ("a hostile name", renamed("lstm/weights/readout.bias", "lstm/weights/\n" + SCRIPT), "its experiment has no"),
    (
        "an array of another cell",
        renamed("rnn/weights/readout.bias", "rnn/cell_grad_norm"),
        "has no 'rnn/cell_grad_norm'",
    ),
    ("an array of a stranger", renamed("rnn/counts", "gru/counts"), "its experiment has no 'gru/counts'"),
    ("no experiment", with_metadata(experiment=None), "experiment must be valid JSON"),
    ("a damaged experiment", with_metadata(experiment='{"task": '), "experiment must be valid JSON"),
    ("nested JSON", with_metadata(experiment="[" * 50_000), "experiment must be JSON of three levels"),
    ("beyond a limit", with_metadata(experiment='{"training": {"steps": 1000000}}'), "training.steps must be"),
    ("another experiment", with_metadata(experiment="{}"), "list of frames is damaged"),
    ("another format", with_metadata(format="rnnviz run 9"), "it does not say that it is a rnnviz run 1"),
    ("no format", with_metadata(format=None), "it does not say that it is a rnnviz run 1"),
    ("no frames", with_metadata(frames=None), "list of frames is damaged"),
    ("frames of nested JSON", with_metadata(frames="[" * 50_000), "list of frames is damaged"),
    ("frames that are no object", with_metadata(frames="[1, 2]"), "list of frames is damaged"),
    ("steps out of order", with_frames(steps=[0, 2, 1]), "list of frames is damaged"),
    ("steps beyond the last", with_frames(steps=[0, 1, 10**30]), "list of frames is damaged"),
    ("steps that are no numbers", with_frames(steps=["0", 1, 2]), "list of frames is damaged"),
    ("steps that are true", with_frames(steps=[False, True, 2]), "list of frames is damaged"),
    ("fewer steps", with_frames(steps=[0, 1]), "list of frames is damaged"),
    ("endings of the wrong kind", with_frames(ended=[1, 2, 3]), "list of frames is damaged"),
    ("endings of a stranger", with_frames(ended=[{"gru": "why"}, {}, {}]), "list of frames is damaged"),
    ("endings as a novel", with_frames(ended=[{"rnn": "why " * 999}, {}, {}]), "list of frames is damaged"),
    ("no models", with_frames(models={}), "list of frames is damaged"),
    ("a model out of its frames", with_frames(models={"rnn": [0, 1, 9], "lstm": [0, 1, 2]}), "list of frames"),
    ("fewer frames of a model", with_frames(models={"rnn": [0, 1], "lstm": [0, 1, 2]}), "wrong shape"),
    ("a model without frames", with_frames(models={"rnn": [], "lstm": [0, 1, 2]}), "its experiment has no 'rnn/"),
]


@pytest.mark.parametrize(("change", "why"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_a_hostile_run_file(change: Callable[[bytes], bytes], why: str, good: Path, tmp_path: Path) -> None:
    path = tmp_path / f"{SCRIPT.replace('/', '')}.run"
    path.write_bytes(change(good.read_bytes()))
    error = refused(lambda: Run.load(path), RunFileError)
    assert why in str(error)
    assert path.name in str(error)


def test_losses_that_do_not_add_up(good: Path, tmp_path: Path) -> None:
    for counts in ([1, 1, 2], [-1, 2, 2], [2**62, 2**62, 2**62], [5, -1, -1]):
        arrays = load_file(good)
        arrays["rnn/counts"][:] = counts
        save_file(arrays, tmp_path / "x.run", header_of(good.read_bytes())["__metadata__"])
        error = refused(lambda: Run.load(tmp_path / "x.run"), RunFileError)
        assert "losses of single steps are damaged" in str(error)


@pytest.mark.parametrize(
    ("name", "value", "fine"),
    [
        ("written", 4, True),
        ("written", 5, False),
        ("written", -1, False),
        ("written", 32_767, False),
        ("attention", float("nan"), True),  # as it was saved: on a probe numbers may overflow
        ("attention", float("inf"), False),
        ("attention", -0.1, False),
        ("attention", 1.1, False),
    ],
)
def test_what_was_written_and_looked_at_is_in_range(
    name: str, value: float, fine: bool, good_translator: Path, tmp_path: Path
) -> None:
    arrays = load_file(good_translator)
    arrays[f"gru/translated/{name}"].flat[3] = value
    save_file(arrays, tmp_path / "x.run", header_of(good_translator.read_bytes())["__metadata__"])
    if fine:
        assert Run.load(tmp_path / "x.run").complete
    else:
        error = refused(lambda: Run.load(tmp_path / "x.run"), RunFileError)
        assert f"'gru/translated/{name}' has values out of range" in str(error)


@pytest.fixture(scope="module")
def good_translator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of an encoder–decoder as it should be."""
    path = tmp_path_factory.mktemp("runs") / "translator.run"
    experiment = Experiment(task("reverse", length=4, letters=4), (ModelSpec("gru", 3, attention="dot"),))
    run(dataclasses.replace(experiment, training=TrainingSpec(steps=1, batch=2))).save(path)
    return path


def test_a_run_that_is_not_there_or_no_file_or_far_too_large(tmp_path: Path) -> None:
    large = tmp_path / "large.run"
    with large.open("wb") as file:
        file.truncate(limits.LARGEST_RUN_FILE + 1)
    for path in (tmp_path / "none.run", tmp_path, large, tmp_path / ("x" * 300)):
        refused(lambda path=path: Run.load(path), RunFileError)  # type: ignore[misc]


@pytest.mark.parametrize("place", range(0, 4000, 61))
def test_a_flipped_byte_is_refused_or_harmless(place: int, good: Path, tmp_path: Path) -> None:
    data = bytearray(good.read_bytes())
    data[place % len(data)] ^= 0x55
    path = tmp_path / "flipped.run"
    path.write_bytes(data)
    try:
        assert Run.load(path).steps == (0, 1, 2)
    except RunFileError as error:
        assert is_one_clear_sentence(error)
