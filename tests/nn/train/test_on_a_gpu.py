"""What training on a GPU rests on: tried there where there is one, and the same ways on the CPU in any case."""

import collections
import dataclasses
import functools
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.bench.parity import FIRST as FIRST_OFF
from rnnviz.nn.bench.parity import LATER, STEPS, cases, course
from rnnviz.nn.cells.weights import Weights, side_by_side
from rnnviz.nn.models.model import DEVICE, pick_device
from rnnviz.nn.train import learner, optimizing, resuming
from rnnviz.nn.train.batches import Batches
from rnnviz.specs.models import ATTENTIONS
from rnnviz.specs.planning import planned_steps
from rnnviz.tasks import TASKS
from tests.live.runs import LEAST
from tests.nn.reference import numbers
from tests.nn.train.test_training import SMALL, assert_same

THERE = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no GPU here")
DEVICES = ["cpu", pytest.param("cuda", marks=THERE)]
CHOICES = (CELLS, (None, *ATTENTIONS), (None, *CELLS), (1, 2), (False, True))


def shape(task: str) -> tuple[type, ...]:
    """What decides which network a task is learned by."""
    made = rv.task(task, **LEAST.get(task, {}))
    return type(made.reads), type(made.answers), type(made.answers.of)


FIRST = {shape(task): task for task in reversed(TASKS)}  # of each shape one task


def changes(task: str, device: str) -> int:
    """How many choices at once are not the first: all of them on a GPU, elsewhere one for a task of each shape."""
    return len(CHOICES) if device == "cuda" else int(FIRST[shape(task)] == task)


def experiments(task: str, device: str) -> Iterator[rv.Experiment]:
    """Every combination of cell, attention, decoder, layers and direction that a task admits, within `changes`."""
    made = rv.task(task, **LEAST.get(task, {}))
    for cell, attention, decoder, layers, both in itertools.product(*CHOICES):
        changed = (attention is not None) + (decoder is not None) + (layers > 1) + both
        if decoder == cell or changed > changes(task, device):
            continue
        more: dict[str, Any] = {"attention": attention, "decoder": decoder, "layers": layers, "bidirectional": both}
        try:
            spec = rv.ModelSpec(cell, 3, **more)
            yield rv.Experiment(made, (spec,), rv.TrainingSpec(steps=2, batch=3, clip=0.1, device=device))
        except ExperimentError:
            continue


def crooked(gradient: Tensor | None) -> Tensor | None:
    """The same numbers in another layout."""
    if gradient is None or not gradient.dim():
        return gradient
    return torch.stack([gradient, gradient], -1)[..., 0] if gradient.dim() == 1 else gradient.mT.contiguous().mT


@pytest.mark.slow
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("task", TASKS)
def test_gradients_of_any_layout_train_every_combination(
    task: str, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each weight updated alone, as on a GPU, by gradients that are not contiguous."""
    tried = 0
    for experiment in experiments(task, device):
        wanted = rv.run(
            dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, device="cpu"))
        )
        with monkeypatch.context() as patch:
            if device == "cpu":
                original = torch.autograd.grad
                patch.setattr(torch.autograd, "grad", lambda *a, **b: (*map(crooked, original(*a, **b)),))  # noqa: B023
                patch.setattr(learner, "Optimizer", functools.partial(optimizing.Optimizer, together=False))
            found = rv.run(experiment)
        (label,) = experiment.labels
        pairs = zip(found.frames, wanted.frames, strict=True)
        for mine, other in (((a.models[label], b.models[label])) for a, b in pairs):
            np.testing.assert_allclose(mine.losses, other.losses, rtol=1e-4, err_msg=str(experiment.models))
            np.testing.assert_allclose(
                mine["update_ratio"], other["update_ratio"], rtol=1e-2, err_msg=str(experiment.models)
            )
        tried += 1
    assert tried >= len(CELLS) - 1


LONG = dataclasses.replace(SMALL, training=dataclasses.replace(SMALL.training, steps=200))
WRITING = rv.Experiment(
    rv.task("reverse"), (rv.ModelSpec("gru", 4),), rv.TrainingSpec(steps=120, batch=4, clip=0.1, device="cpu")
)
FAULTS = {
    "none": {},
    "one": {"lstm": 184},
    "some": {"rnn": 60, "gru": 184},
    "all": {"rnn": 60, "lstm": 184, "gru": 186},
}


def fail(patch: pytest.MonkeyPatch, at: dict[str, int]) -> None:
    """Let the losses of models be no numbers at one training step each."""
    loss = learner.Learner.loss
    done: collections.Counter[learner.Learner] = collections.Counter()

    def found(self: learner.Learner, *batch: Any) -> tuple[Tensor, list[Tensor]]:
        value, states = loss(self, *batch)
        done[self] += 1
        return (value * torch.nan if done[self] == 1 + at.get(self.spec.cell, -9) else value), states

    patch.setattr(learner.Learner, "loss", found)


def read_at_frames(patch: pytest.MonkeyPatch) -> list[int]:
    """As on a GPU; counts how often losses are read."""
    reads: list[int] = []
    settle = learner.Learner.settle
    patch.setattr(learner, "at_once", lambda device: False)
    patch.setattr(learner.Learner, "settle", lambda self: reads.append(1) or settle(self))
    return reads


@pytest.mark.parametrize("faults", FAULTS)
def test_losses_read_once_a_frame_are_those_read_at_every_step(faults: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = planned_steps(LONG)
    assert not {60, 184, 186} & {*planned}, "they fail between two frames"
    fail(monkeypatch, FAULTS[faults])
    wanted = rv.run(LONG)
    reads = read_at_frames(monkeypatch)
    found = rv.run(LONG)
    assert_same(found, wanted)
    assert found.ended == wanted.ended and found.complete == wanted.complete
    assert len(found.ended) == len(FAULTS[faults]) and len(reads) <= len(LONG.models) * len(planned)


def test_losses_of_what_writes_are_read_once_a_frame_too(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = rv.run(WRITING)
    reads = read_at_frames(monkeypatch)
    assert_same(rv.run(WRITING), wanted)
    assert len(reads) == len(planned_steps(WRITING)) < 120


def test_a_training_goes_on_from_a_state_whose_losses_were_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    fail(monkeypatch, {"rnn": 184})
    monkeypatch.setattr(resuming, "_remembered", resuming.Remembered(0))
    wanted = rv.resume(rv.Run(LONG), 187)
    assert 187 not in planned_steps(LONG)
    read_at_frames(monkeypatch)
    found = rv.resume(rv.Run(LONG), 187)
    assert found.ended == wanted.ended and {*found.models} == {*wanted.models} == {"lstm", "gru"}
    for label, other in wanted.models.items():
        mine = found.models[label]
        for one, another in ((mine.losses, other.losses), (mine.grad_norms, other.grad_norms)):
            np.testing.assert_array_equal(one, another)
        assert len(mine.losses) and mine.weights.keys() == other.weights.keys()
        for name, weight in other.weights.items():
            np.testing.assert_array_equal(mine.weights[name], weight)


def test_batches_of_one_draw_lie_on_the_device_as_they_lay_each_alone() -> None:
    batches = Batches(SMALL, torch.device("cpu"))
    for _ in range(40):
        inputs, targets, _ = next(batches)
        assert inputs.is_contiguous() and targets.is_contiguous() and inputs.shape[1] == len(targets) == 8


def test_weights_side_by_side_are_one_chunk_and_hand_gradients_back() -> None:
    w = Weights(*(numbers(*shape, seed=n).requires_grad_() for n, shape in enumerate([(8, 3), (8, 2), (8,), (8,)])))
    chunk = side_by_side(w)
    places = [part.data_ptr() for part in chunk]
    assert places == [places[0] + 8 * offset for offset in (0, 24, 40, 48)]
    assert all(torch.equal(part, of) and part.is_contiguous() for part, of in zip(chunk, w, strict=True))
    torch.stack([part.square().sum() for part in chunk]).sum().backward()
    assert all(torch.equal(of.grad, 2 * of.detach()) for of in w)


ODD: dict[str, dict[str, Any]] = {
    "gru": {"reset": "before"},
    "rnn, sigmoid": {"activation": "sigmoid"},
    "rnn, identity": {"init": "identity"},
}


@pytest.mark.parametrize("name", ODD)
def test_adam_does_not_blow_up_what_is_rounded_otherwise(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gradients a millionth off, as another order of sums makes them, leave five updates within the same 5e-4."""
    spec = rv.ModelSpec(name.partition(",")[0], 24, **ODD[name])
    experiment = rv.Experiment(rv.task("waves", length=30), (spec,), rv.TrainingSpec(lr=0.01, batch=16))
    wanted = course(experiment, torch.device("cpu"), torch.float64)
    differentiate, generator = optimizing.Optimizer.differentiate, torch.Generator().manual_seed(0)

    def rounded(self: optimizing.Optimizer, *of: Any) -> Any:
        found = differentiate(self, *of)
        for gradient in self._gradients:
            gradient.mul_(1 + 1e-6 * torch.randn(gradient.shape, generator=generator))
        return found

    monkeypatch.setattr(optimizing.Optimizer, "differentiate", rounded)
    found = course(experiment, torch.device("cpu"))
    assert max(found.off(wanted, 0)) < FIRST_OFF and max(found.off(wanted, STEPS)) < 0.1 * LATER


@THERE
@pytest.mark.parametrize("name", [name for name, _ in cases()])
def test_a_gpu_trains_as_the_cpu_does(name: str) -> None:
    experiment = dict(cases())[name]
    found, wanted = (course(experiment, torch.device(device)) for device in ("cuda", "cpu"))
    assert max(found.off(wanted, 0)) < FIRST_OFF and max(found.off(wanted, STEPS)) < LATER


@THERE
@pytest.mark.filterwarnings("error:RNN module weights are not part of single contiguous chunk")
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_no_warning_of_chunks_and_exact_traces_on_a_gpu(cell: str) -> None:
    module = getattr(torch.nn, cell.upper())(3, 16, 2, bidirectional=True)
    x = numbers(20, 4, 3, dtype=torch.float32)
    wanted = rv.gradient_flow(module, x, lambda output: output.square().sum())
    found = rv.gradient_flow(module.cuda(), x, lambda output: output.square().sum())
    for name in wanted.data_vars:
        np.testing.assert_allclose(found[name], wanted[name], atol=1e-5, rtol=1e-4, err_msg=str(name))


def test_training_beside_a_gpu_is_in_true_single_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    update = optimizing.Optimizer.update
    rnn: Any = torch.backends.cudnn.rnn

    def looked(self: optimizing.Optimizer, norm: Any) -> None:
        seen.append(rnn.fp32_precision)
        update(self, norm)

    monkeypatch.setattr(optimizing.Optimizer, "update", looked)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    before = rnn.fp32_precision
    for _ in rv.train(SMALL):
        assert rnn.fp32_precision == before, "others take turns"
    assert set(seen) == {"ieee"}


def test_the_environment_says_what_auto_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pick_device("auto").type == "cpu", "as tests have it, also beside a GPU"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert pick_device("auto").type == "cpu" and pick_device("cuda").type == "cuda"
    monkeypatch.delenv(DEVICE)
    assert pick_device("auto").type == "cuda"
    monkeypatch.setenv(DEVICE, "tpu")
    with pytest.raises(rv.ExperimentError, match="RNNVIZ_DEVICE must be cpu or cuda; got 'tpu'"):
        pick_device("auto")
