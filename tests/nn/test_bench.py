"""The benchmark runs to its end and prints a ratio for every claim."""

import os

import numpy as np
import pytest
import torch

from rnnviz.cli import main as command
from rnnviz.nn.bench import on_a_device, parity
from rnnviz.nn.bench.suite import main
from rnnviz.nn.train.captured import SWITCH
from rnnviz.specs.experiment import Experiment


def test_bench_prints_every_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--steps", "21", "--repeats", "2", "--runs", "1"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("| rnn |") == printed.count("| gru |") == 2 and printed.count("| lstm |") == 3
    assert "bare products" in printed
    assert printed.count("| adding |") == printed.count("| waves |") == 1
    assert "gru, reset before" in printed and printed.count("| LSTM |") == printed.count("| GRU |") == 1


def test_bench_of_a_device_prints_parity_then_speed_then_what_auto_takes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_a_device, "SIZES", ((20, 8),))
    monkeypatch.setattr(on_a_device, "GRID", ((20, 8), (200, 128)))
    monkeypatch.setattr(on_a_device, "TAKEN", 1)
    monkeypatch.setattr(parity, "STEPS", 1)
    assert main(["--device", "cpu", "--steps", "21", "--runs", "1"]) == 0
    parts = capsys.readouterr().out.split("\n\n")
    assert parts[0].startswith("On the CPU, one thread, torch")
    exact = [row.split("|")[2:6] for row in parts[2].splitlines()[2:]]
    names = [name for name, _ in parity.cases()]
    assert len(exact) == len(names) > 25 and "(!)" not in parts[2]
    assert {(row[0].strip(), row[2].strip()) for row in exact} == {("0.0e+00 0.0e+00",) * 2}, "to itself"
    for wanted in ("activation sigmoid", "identity", "reset before", "2 layers", "both directions", "additive"):
        assert any(wanted in name for name in names), wanted
    assert parts[4].count("| – | – | 2.0 |") == 3 and parts[6].count("| CPU | – |") >= 3


def test_bench_of_a_gpu_that_is_not_there_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert command(["bench", "--device", "cuda"]) == 2
    said = "rnnviz: --device must be cpu on this machine, where torch finds no GPU; got 'cuda'.\n"
    assert capsys.readouterr().err == said


def test_the_switch_is_as_it_was_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    for before in ("0", None):
        monkeypatch.setenv(SWITCH, before) if before else monkeypatch.delenv(SWITCH)
        with on_a_device.capturing(True):
            assert os.environ[SWITCH] == "1"
        assert os.environ.get(SWITCH) == before


@pytest.mark.slow
@pytest.mark.parametrize(("name", "experiment"), [*parity.cases()], ids=[name for name, _ in parity.cases()])
def test_training_in_single_precision_is_that_in_double(name: str, experiment: Experiment) -> None:
    """Rounding is all that single precision adds, also after a few updates by Adam: a GPU is held to the same."""
    single = parity.course(experiment, torch.device("cpu"))
    double = parity.course(experiment, torch.device("cpu"), torch.float64)
    assert max(single.off(double, 0)) < parity.FIRST and max(single.off(double, parity.STEPS)) < parity.LATER
    assert np.isfinite(single.losses).all() and len(single.losses) == parity.STEPS + 1
