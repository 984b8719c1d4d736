"""Whatever comes in a link, a file or an upload: one clear sentence, and little work."""

import dataclasses
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file

from rnnviz import limits
from rnnviz.errors import ExperimentError, RunFileError
from rnnviz.experiment import Experiment, ModelSpec, TrainingSpec
from rnnviz.nn.training import run
from rnnviz.query import from_query
from rnnviz.runs import Run
from rnnviz.storage import FORMAT
from rnnviz.tasks import task
from tests.effort import Lines

SCRIPT = "<script>alert(1)</script>"
LONGEST_MESSAGE = 300
MOST_LINES = 3_000_000  # of Python until it is refused; the longest lists of models take a million


def is_one_clear_sentence(error: Exception) -> bool:
    """One line, printable, not long, ended by one full stop, without the innards of Python."""
    said = str(error)
    innards = ("Traceback", 'File "', "object at 0x", "Error:", "Exception")
    return (
        said.isprintable()
        and len(said) < LONGEST_MESSAGE
        and said.endswith(".")
        and not said.endswith("..")
        and not any(word in said for word in innards)
    )


def refused(act: Callable[[], object], kind: type[Exception]) -> Any:
    """What `act` is refused with."""
    with pytest.raises(kind) as caught, Lines() as lines:
        act()
    assert lines.count < MOST_LINES
    assert is_one_clear_sentence(caught.value), str(caught.value)
    return caught.value


# What came, and the field that the sentence names.
QUERIES = [
    ("task=chess", "task"),
    ("task=", "task"),
    ("task", "task"),
    (f"task={SCRIPT}", "task"),
    ("task=%3Cimg%20src=x%20onerror=alert(1)%3E", "task"),
    ("task=Adding", "task"),
    ("task=adding%00", "task"),
    ("task=../../etc/passwd", "task"),
    ("task=adding&task=adding", "task"),
    ("lag=20", "lag"),
    ("task=recall&lag=", "task.lag"),
    ("task=recall&lag=twenty", "task.lag"),
    ("task=recall&lag=0", "task.lag"),
    ("task=recall&lag=-5", "task.lag"),
    ("task=recall&lag=1e2", "task.lag"),
    ("task=recall&lag=2.5", "task.lag"),
    ("task=recall&lag=nan", "task.lag"),
    ("task=recall&lag=" + "9" * 5000, "task.lag"),
    ("task=recall&lag=%D9%A3", "task.lag"),
    ("task=recall&lag=3%0A4", "task.lag"),
    ("task=recall&lag=3&lag=4", "lag"),
    ("task=waves&noise=nan", "task.noise"),
    ("task=waves&noise=inf", "task.noise"),
    ("lr=nan", "training.lr"),
    ("lr=-inf", "training.lr"),
    ("lr=1e999", "training.lr"),
    ("lr=0", "training.lr"),
    ("lr=0,01", "training.lr"),
    ("lr=0x1p-3", "training.lr"),
    ("clip=", "training.clip"),
    ("clip=None%20", "training.clip"),
    ("steps=1e3", "training.steps"),
    ("steps=99999999999999999999", "training.steps"),
    ("steps=1;drop%20table%20runs", "training.steps"),
    ("seed=-1", "training.seed"),
    ("seed=4294967296", "training.seed"),
    ("batch=100000", "training.batch"),
    ("device=tpu", "training.device"),
    ("device=cuda:7", "training.device"),
    ("models=", "models[0].cell"),
    ("models=,,,", "models[0].cell"),
    ("models=rnn,", "models[1].cell"),
    ("models=transformer", "models[0].cell"),
    ("models=" + ",".join(["rnn"] * 7), "models"),
    ("models=" + ",".join(["rnn"] * 1900), "models"),
    ("models=lstm:hidden", "models[0].hidden"),
    ("models=lstm:hidden=", "models[0].hidden"),
    ("models=lstm:hidden=1e9", "models[0].hidden"),
    ("models=lstm:hidden=100000", "models[0].hidden"),
    ("models=lstm:hidden=8:hidden=9", "models[0].hidden"),
    ("models=lstm:cell=gru", "models[0].cell"),
    ("models=lstm:__class__=x", "models[0].__class__"),
    ("models=rnn:forget_bias=1", "models[0].forget_bias"),
    ("models=lstm:forget_bias=nan", "models[0].forget_bias"),
    ("models=gru:activation=relu", "models[0].activation"),
    ("models=rnn:bidirectional=yes", "models[0].bidirectional"),
    ("task=waves&models=rnn:bidirectional=true", "models[0].bidirectional"),
    ("length=400&models=lstm:hidden=256:layers=4&batch=256", "models[0]"),
    ("length=400&models=lstm:hidden=256,lstm:hidden=256,lstm:hidden=256&batch=1", "models"),
    (f"{SCRIPT}=1", SCRIPT),
    ("%F0%9F%92%A9=1", "\U0001f4a9"),
    ("=5", "(without a name)"),
    ("models=lstm:=5", "models[0].(without a name)"),
    ("&".join(["a"] * 3_900), "a"),
    ("\x1b[31mred=1", "\\x1b[31mred"),
    ("lr=%ff%fe", "query"),
    ("&".join(f"a{i}=1" for i in range(500)), "a0"),
    ("lr=" + "0" * limits.LONGEST_QUERY, "query"),
    ("text=hello", "text"),
    ("task=text&text=hello", "task.text"),
    ("task=text&corpus=own", "task.text"),
    ("task=text&corpus=own&text=", "task.text"),
    ("task=text&corpus=own&text=a", "task.text"),
    ("task=text&corpus=own&text=aaaaaaaaaa", "task.text"),
    ("task=text&corpus=own&text=%00%01%02%1b", "task.text"),
    ("task=text&corpus=own&text=%20%0A%09", "task.text"),
    ("task=text&corpus=python:os", "task.corpus"),
    ("task=text&corpus=/etc/passwd", "task.corpus"),
    ("task=text&corpus=own&text_hash=x", "text_hash"),
    ("task=text&corpus=own&text_hash=0123456789ABCDEF", "text_hash"),
    ("task=text&corpus=own&text_hash=0123456789abcdef&text=hello", "text_hash"),
    ("task=text&corpus=own&text_hash=0123456789abcdef", "text"),
    ("text_hash=0123456789abcdef", "text_hash"),
    (None, "query"),
    (b"lr=1", "query"),
    (["lr=1"], "query"),
    ({"lr": 0.1}, "lr"),
    ({"lr": ["0.1", "0.2"]}, "lr"),
    ({"lr": []}, "lr"),
    ({"lr": [0.1]}, "lr"),
    ({"lr": b"0.1"}, "lr"),
    ({5: "5"}, "5"),
    ({"task": "text", "corpus": "own", "text": "ab" * limits.LONGEST_QUERY}, "query"),
]


@pytest.mark.parametrize(("query", "field"), QUERIES, ids=range(len(QUERIES)))
def test_a_hostile_link(query: Any, field: str) -> None:
    error = refused(lambda: from_query(query), ExperimentError)
    assert error.field == field
    assert str(error).startswith(f"{field} must be ")


JSONS = [
    ("", "experiment"),
    (" \n", "experiment"),
    ("null", "experiment"),
    ("[]", "experiment"),
    ("3", "experiment"),
    ('"task"', "experiment"),
    ("{", "experiment"),
    ('{"task": }', "experiment"),
    ("{'task': 1}", "experiment"),
    ("{} {}", "experiment"),
    ('{"training": {"lr": NaN}}', "experiment"),
    ('{"training": {"lr": -Infinity}}', "experiment"),
    ("[" * 100_000, "experiment"),
    ('{"task":' * 100_000, "experiment"),
    ('{"models":' + "[" * 900 + "]" * 900 + "}", "models[0]"),
    (" " * (limits.LONGEST_JSON + 1), "experiment"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "experiment"),
    (b"PK\x03\x04\x14\x00", "experiment"),
    (b"\xff\xfe{\x00}\x00", "experiment"),
    (b"\x80\x04\x95\x00\x00\x00\x00", "experiment"),
    (None, "experiment"),
    ({"task": {}}, "experiment"),
    ('{"version": 2}', "version"),
    ('{"task": {}, "task": {}}', "task"),
    ('{"training": {"lr": 0.1, "lr": 0.2}}', "lr"),
    ('{"task": "adding"}', "task"),
    ('{"task": null}', "task"),
    ('{"task": {"name": null}}', "task.name"),
    ('{"task": {"name": ["adding"]}}', "task.name"),
    ('{"task": {"name": "chess"}}', "task.name"),
    (json.dumps({"task": {"name": SCRIPT}}), "task.name"),
    ('{"task": {"lag": 3}}', "task.lag"),
    ('{"task": {"length": "50"}}', "task.length"),
    ('{"task": {"length": true}}', "task.length"),
    ('{"task": {"length": null}}', "task.length"),
    ('{"task": {"length": 50.5}}', "task.length"),
    ('{"task": {"length": 1e999}}', "task.length"),
    ('{"task": {"length": ' + "9" * 100_000 + "}}", "task.length"),
    ('{"task": {"length": -' + "9" * 4_000 + "}}", "task.length"),
    ('{"task": {"length": {"a": [1, {"b": null}]}}}', "task.length"),
    ('{"task": {"__class__": 1}}', "task.__class__"),
    ('{"models": {}}', "models"),
    ('{"models": null}', "models"),
    ('{"models": "lstm"}', "models"),
    ('{"models": []}', "models"),
    ('{"models": ["lstm"]}', "models[0]"),
    ('{"models": [[]]}', "models[0]"),
    ('{"models": [{}, {"cell": "elman"}]}', "models[1].cell"),
    ('{"models": [{"cell": {}}]}', "models[0].cell"),
    ('{"models": [{"hidden": 1e6}]}', "models[0].hidden"),
    ('{"models": [{"units": 32}]}', "models[0].units"),
    ('{"models": [' + ",".join(["{}"] * 100_000) + "]}", "models"),
    ('{"training": []}', "training"),
    ('{"training": {"lr": "0.01"}}', "training.lr"),
    ('{"training": {"lr": [0.01]}}', "training.lr"),
    ('{"training": {"device": "/dev/null"}}', "training.device"),
    (json.dumps({"training": {"x" * 10_000: 1}}), "training." + "x" * 50 + "…"),
    (json.dumps({"a\nb\u202e": 1}), "a\\x0ab\\x202e"),
    (json.dumps({"task": {"name": "text", "corpus": "own", "text": ["hello"]}}), "task.text"),
    (json.dumps({"task": {"name": "text", "corpus": "own", "text": "\ud800\udfff\ud800"}}), "task.text"),
    (json.dumps({"task": {"name": "text", "corpus": "own", "text": "ab" * 5_000_000}}), "task.text"),
]


@pytest.mark.parametrize(("text", "field"), JSONS, ids=range(len(JSONS)))
def test_hostile_json(text: Any, field: str) -> None:
    error = refused(lambda: Experiment.from_json(text), ExperimentError)
    assert error.field == field
    assert str(error).startswith(f"{field} must be ")


TEXTS = [
    "",
    "a",
    "aaaa",
    " \n\t ",
    "\x00\x01\x02",
    "\ufeff",
    "\u202e\u202d",
    "\ud800",
    "ab" * 5_000_000,
    b"hello",
    None,
    5,
    ["hello"],
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_hostile_text(text: Any) -> None:
    error = refused(lambda: task("text", corpus="own", text=text), ExperimentError)
    assert error.field == "task.text"


def test_html_is_a_text_like_any_other() -> None:
    experiment = Experiment(task("text", corpus="own", text=SCRIPT), training=TrainingSpec(steps=1))
    assert from_query(experiment.to_query()) == experiment
    assert not set(experiment.to_query()) & set("<>\"'")


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
    ("a hostile name", renamed("lstm/cell_grad_norm", "\n" + SCRIPT), "its experiment has no"),
    ("no experiment", with_metadata(experiment=None), "experiment must be valid JSON"),
    ("a damaged experiment", with_metadata(experiment='{"task": '), "experiment must be valid JSON"),
    ("nested JSON", with_metadata(experiment="[" * 50_000), "experiment must be JSON of three levels"),
    ("beyond a limit", with_metadata(experiment='{"training": {"steps": 1000000}}'), "training.steps must be"),
    ("another experiment", with_metadata(experiment="{}"), "list of frames is damaged"),
    ("another format", with_metadata(format="rnnviz run 9"), FORMAT),
    ("no format", with_metadata(format=None), FORMAT),
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
        refused(lambda path=path: Run.load(path), RunFileError)


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


def test_there_are_enough_of_them() -> None:
    assert len(QUERIES) + len(JSONS) + len(TEXTS) + len(FILES) >= 200
