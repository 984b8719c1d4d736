"""What `auto` takes: small experiments stay on the CPU, large ones go to a GPU, by a rule that has no clock."""

import subprocess
import sys
from typing import Any

import pytest
import torch

import rnnviz as rv
from rnnviz.nn.cells.lookup import KINDS
from rnnviz.nn.models.devices import CPU, GPU, faster_on_gpu, predicted
from rnnviz.nn.models.model import DEVICE, pick_device
from rnnviz.nn.train.trainer import Trainer

SMALL = ["adding", "recall", "brackets", "waves", "reverse", "sort", "tagging"]


def on_waves(cell: str, length: int, hidden: int, batch: int = 32, **more: Any) -> rv.Experiment:
    model = rv.ModelSpec(cell, hidden, **more)
    return rv.Experiment(rv.task("waves", length=length), (model,), rv.TrainingSpec(batch=batch))


@pytest.fixture
def beside_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were one, and nothing said in the environment."""
    monkeypatch.delenv(DEVICE, raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


@pytest.mark.usefixtures("beside_a_gpu")
@pytest.mark.parametrize("task", SMALL)
def test_small_default_experiments_stay_on_the_cpu(task: str) -> None:
    assert pick_device("auto", rv.Experiment(rv.task(task))).type == "cpu"


@pytest.mark.usefixtures("beside_a_gpu")
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_large_experiments_go_to_a_gpu(cell: str) -> None:
    assert pick_device("auto", on_waves(cell, 400, 128)).type == "cuda"
    assert pick_device("auto", on_waves(cell, 50, 32)).type == "cpu"


@pytest.mark.usefixtures("beside_a_gpu")
def test_the_environment_and_named_devices_win(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = on_waves("gru", 20, 8), on_waves("gru", 400, 128)
    assert pick_device("cuda", small).type == "cuda" and pick_device("cpu", large).type == "cpu"
    monkeypatch.setenv(DEVICE, "cpu")
    assert pick_device("auto", large).type == "cpu"
    monkeypatch.setenv(DEVICE, "cuda")
    assert pick_device("auto", small).type == "cuda"


def test_without_a_gpu_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DEVICE, raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert pick_device("auto", on_waves("lstm", 400, 128)).type == "cpu"


@pytest.mark.usefixtures("beside_a_gpu")
def test_a_training_asks_for_the_device_of_its_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def pick(wanted: str, experiment: rv.Experiment) -> torch.device:
        asked.append((wanted, pick_device(wanted, experiment).type, experiment))
        return torch.device("cpu")

    monkeypatch.setattr("rnnviz.nn.train.trainer.pick_device", pick)
    small, large = on_waves("lstm", 20, 8), on_waves("lstm", 200, 128)
    for experiment in (small, large):
        Trainer(experiment)
    assert asked == [("auto", "cpu", small), ("auto", "cuda", large)]


def test_more_work_never_takes_a_cpu_less_time() -> None:
    first = on_waves("lstm", 50, 32)
    for more in (on_waves("lstm", 100, 32), on_waves("lstm", 50, 64), on_waves("lstm", 50, 32, 64)):
        assert predicted(more, CPU) > predicted(first, CPU)
        assert predicted(more, GPU) < 1.2 * predicted(first, GPU), "launches alone"
    stacked, twice = on_waves("lstm", 50, 32, layers=2), rv.Experiment(first.task, first.models * 2, first.training)
    assert predicted(stacked, CPU) > predicted(first, CPU) and predicted(twice, CPU) == 2 * predicted(first, CPU)


@pytest.mark.parametrize("kind", [kind for kinds in KINDS.values() for kind in kinds], ids=lambda k: str(k.options))
def test_what_no_kernel_of_cudnn_takes_together_is_launched_one_by_one(kind: Any) -> None:
    experiment = on_waves(kind.description.name, 100, 32, **kind.options)
    looped = kind.description.recurrent and kind.torchs is None
    assert (predicted(experiment, GPU) > 100 * GPU.looped) == looped


def test_decoders_that_are_fed_back_or_look_first_are_launched_one_by_one() -> None:
    def one(training: Any = None, **more: Any) -> float:
        spec = rv.ModelSpec("gru", 16, **more)
        return predicted(rv.Experiment(rv.task("reverse"), (spec,), rv.TrainingSpec(**(training or {}))), GPU)

    plain, steps = one(), rv.task("reverse").answer_steps
    assert one(attention="dot") == plain
    for slow in (one(attention="additive"), one({"teacher_forcing": 0.5}), one({"schedule": "linear"})):
        assert slow == pytest.approx(plain + steps * GPU.looped)


def test_every_process_answers_alike() -> None:
    code = (
        "import rnnviz as rv; from rnnviz.nn.models.devices import *;"
        "print([(t, predicted(rv.Experiment(rv.task(t)), CPU)) for t in ('adding', 'dates', 'text')])"
    )
    found = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(found) == 1 and b"adding" in next(iter(found))
    assert not faster_on_gpu(rv.Experiment())
