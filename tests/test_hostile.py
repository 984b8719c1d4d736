"""Whatever comes in a link, as JSON or as a text: one clear sentence, and little work."""

import json
from typing import Any

import pytest

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec
from rnnviz.tasks import task
from tests.runs.test_hostile_files import FILES
from tests.support.refusals import SCRIPT, refused

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
    error = refused(lambda: Experiment.from_query(query), ExperimentError)
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
    assert Experiment.from_query(experiment.to_query()) == experiment
    assert not set(experiment.to_query()) & set("<>\"'")


def test_there_are_enough_of_them() -> None:
    assert len(QUERIES) + len(JSONS) + len(TEXTS) + len(FILES) >= 200
