"""Long texts and tables of pairs: the task holds a hash, the store the letters; keys, links and files are as before."""

import dataclasses
import gc
import hashlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rnnviz as rv
from rnnviz.core import contents
from rnnviz.core.contents import Content
from rnnviz.core.errors import ContentNeeded, ExperimentError
from rnnviz.core.stored import held
from rnnviz.tasks import corpora
from rnnviz.tasks.pairs import csv_table, prepared
from tests.support.tasks import task

ROOT = Path(__file__).parents[2]
LONG = "neither a borrower nor a lender be; " * 50
TABLE = "".join(f"row {n},zeile {n}\n" for n in range(60))
BROUGHT = {"text": {"corpus": "own", "text": LONG}, "pairs": {"text": TABLE}}
each = pytest.mark.parametrize("name", BROUGHT)


def made(name: str) -> Any:
    return task(name, **BROUGHT[name])


@each
def test_a_long_text_is_held_by_its_hash_and_reads_as_ever(name: str) -> None:
    chosen, text = made(name), BROUGHT[name]["text"]
    assert isinstance(held(chosen, "text"), Content) and chosen.text == text
    assert held(chosen, "text").digest == hashlib.sha256(text.encode()).hexdigest()
    assert len(pickle.dumps(chosen)) < 400 < len(text)
    assert chosen == made(name) and hash(chosen) == hash(made(name))
    assert chosen.text is made(name).text  # one copy


def test_a_short_text_needs_no_store() -> None:
    assert held(task("text", corpus="own", text="hello you"), "text") == "hello you"
    assert held(task("pairs"), "text") == "" and held(task("text"), "text") == ""


@each
def test_keys_and_json_are_those_of_before(name: str) -> None:
    experiment = rv.Experiment(made(name))
    assert experiment.to_dict()["task"]["text"] == BROUGHT[name]["text"]
    said = experiment.to_json()
    assert experiment.key == hashlib.sha256(said.encode()).hexdigest()[:20]
    assert rv.Experiment.from_json(said) == experiment
    assert rv.Experiment.from_query(experiment.to_query(), {experiment.task.digest: experiment.task.text}) == experiment  # type: ignore[attr-defined]


def test_the_key_of_a_known_experiment() -> None:
    """As it was before texts were stored."""
    assert rv.Experiment(made("text")).key == "4dae37cc88eef932e346"
    assert rv.Experiment(made("pairs")).key == "10696039e6b816f84a17"


@each
def test_a_changed_copy_holds_the_same_text(name: str) -> None:
    other = dataclasses.replace(made(name), **({"length": 9} if name == "text" else {"unit": "words"}))
    assert held(other, "text") is held(made(name), "text")


@each
def test_a_task_is_made_by_the_hash_alone_and_nothing_is_opened(name: str, elsewhere: Callable[[], None]) -> None:
    content = contents.keep(BROUGHT[name]["text"].encode())
    digest = content.digest
    del content
    elsewhere()
    options = BROUGHT[name] | {"text": contents.named(digest)}
    experiment = rv.Experiment(task(name, **options))
    with pytest.raises(ContentNeeded, match="text must be uploaded again"):
        experiment.checked()
    assert made(name).text  # now it is stored
    assert experiment.checked() == rv.Experiment(made(name))


def test_a_stored_text_fits_no_other_corpus() -> None:
    with pytest.raises(ExperimentError, match=r"task\.text must be left out unless the corpus is own"):
        task("text", corpus="hello", text=contents.keep(LONG.encode()))


@each
def test_another_process_opens_it_by_its_hash(name: str, tmp_path: Path) -> None:
    chosen = made(name)
    (tmp_path / "task").write_bytes(pickle.dumps(chosen))
    code = f"import pickle; print(pickle.load(open({str(tmp_path / 'task')!r}, 'rb')).digest)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == chosen.digest


@each
def test_a_run_file_opens_on_another_machine(name: str, tmp_path: Path, elsewhere: Callable[[], None]) -> None:
    models, training = (rv.ModelSpec("gru", 4),), rv.TrainingSpec(steps=2, batch=4)
    run = rv.run(rv.Experiment(made(name), models, training))
    run.save(tmp_path / "run.safetensors")
    key = run.experiment.key
    del run
    for cache in (corpora.prepare, csv_table.learned, prepared.prepare):
        cache.cache_clear()
    gc.collect()
    elsewhere()
    loaded = rv.Run.load(tmp_path / "run.safetensors")
    assert loaded.experiment.key == key and loaded.experiment.task.text == BROUGHT[name]["text"]  # type: ignore[attr-defined]
