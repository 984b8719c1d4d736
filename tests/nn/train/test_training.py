"""Frames are measured on real training: they agree with a plain torch loop and with each other."""

import dataclasses
import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.nn.models.model import SequenceModel, make_model
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.learner import Learner
from rnnviz.nn.train.training import ticks
from rnnviz.specs.planning import planned_steps

SMALL = rv.Experiment(
    rv.task("adding", length=10),
    (rv.ModelSpec("rnn", 6), rv.ModelSpec("lstm", 6, forget_bias=1.0), rv.ModelSpec("gru", 6)),
    rv.TrainingSpec(steps=60, batch=8, lr=1e-2, clip=0.5, seed=3, device="cpu"),
)


@pytest.fixture(scope="module")
def run() -> rv.Run:
    return rv.run(SMALL)


def assert_same(first: rv.Run, second: rv.Run) -> None:
    """Bit for bit the same frames."""
    assert first.steps == second.steps
    for a, b in zip(first.frames, second.frames, strict=True):
        assert a.ended == b.ended and list(a.models) == list(b.models)
        for label in a.models:
            _assert_equal(dict(a.models[label]), dict(b.models[label]))


def _assert_equal(a: object, b: object) -> None:
    if isinstance(a, dict) and isinstance(b, dict):
        assert list(a) == list(b)
        for name in a:
            _assert_equal(a[name], b[name])
    else:
        np.testing.assert_array_equal(a, b)


def test_frames_come_at_the_planned_steps(run: rv.Run) -> None:
    assert run.complete and run.steps == planned_steps(SMALL)
    assert [len(f.models) for f in run.frames] == [3] * len(run.frames)


def test_every_step_is_in_exactly_one_frame(run: rv.Run) -> None:
    history = run.history()
    for label in SMALL.labels:
        assert list(history[history.model == label].step) == list(range(61))


@pytest.mark.parametrize(("label", "kind"), [("rnn", nn.RNN), ("lstm", nn.LSTM), ("gru", nn.GRU)])
def test_losses_are_those_of_a_plain_torch_loop(run: rv.Run, label: str, kind: Callable[..., nn.RNNBase]) -> None:
    recurrent, readout = kind(2, 6), nn.Linear(6, 1)
    first = run.frames[0].models[label].weights
    for name, module in (("recurrent", recurrent), ("readout", readout)):
        module.load_state_dict({n: torch.tensor(first[f"{name}.{n}"]) for n in module.state_dict()})
    weights = [*recurrent.parameters(), *readout.parameters()]
    optimizer, losses, norms = torch.optim.Adam(weights, lr=1e-2), [], []
    for (x, targets, _), _ in zip(Batches(SMALL, torch.device("cpu")), range(61), strict=False):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(readout(recurrent(x)[0][-1]), targets)
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_(weights, 0.5).item())
        losses.append(loss.item())
        optimizer.step()
    history = run.history()
    np.testing.assert_allclose(history[history.model == label].loss, losses, rtol=1e-3)
    np.testing.assert_allclose(history[history.model == label].grad_norm, norms, rtol=1e-2)
    assert list(history[history.model == label].clipped) == [norm > 0.5 for norm in norms]


def rebuilt(frame: rv.Frame, label: str) -> SequenceModel:
    """The model as it was at a frame, from the frame's weights alone."""
    model = make_model(SMALL.model(label), SMALL.task, 0)
    model.load_state_dict({name: torch.tensor(values) for name, values in frame.models[label].weights.items()})
    return model


@pytest.mark.parametrize("label", SMALL.labels)
@pytest.mark.parametrize("index", [0, 20, -1])
def test_a_frames_weights_explain_all_else_in_it(run: rv.Run, label: str, index: int) -> None:
    frame = run.frames[index]
    measured, model, probes = frame.models[label], rebuilt(run.frames[index], label), SMALL.task.probes().batch
    traced = rv.trace(model.recurrent, probes.inputs)
    assert tuple(measured.trace) == CELLS[label].variables
    for name, values in measured.trace.items():
        np.testing.assert_allclose(values, traced[name], rtol=1e-3, atol=1e-4)
    answers = model(torch.tensor(probes.inputs)).detach()
    np.testing.assert_allclose(measured.outputs[0], answers, rtol=1e-3, atol=1e-3)
    x, targets, _ = next(b for i, b in enumerate(Batches(SMALL, torch.device("cpu"))) if i == frame.step)
    flow = rv.gradient_flow(model.recurrent, x, lambda output: nn.functional.mse_loss(model.answer(output), targets))
    assert flow.attrs["loss"] == pytest.approx(measured.loss, rel=1e-4)
    np.testing.assert_allclose(measured.hidden_grad_norm, flow.hidden_grad_norm, rtol=1e-3, atol=1e-9)
    if measured.cell_grad_norm is not None:
        np.testing.assert_allclose(measured.cell_grad_norm, flow.cell_grad_norm, rtol=1e-3, atol=1e-9)
    held_out = SMALL.task.held_out()
    score = SMALL.task.score(model(torch.tensor(held_out.inputs)).detach().numpy(), held_out.targets)
    assert measured.score == pytest.approx(score, rel=1e-4)


def test_singular_values_are_those_of_each_gates_block(run: rv.Run) -> None:
    measured = run.frames[-1].models["lstm"]
    blocks = measured.weights["recurrent.weight_hh_l0"].reshape(4, 6, 6)
    expected = np.linalg.svd(blocks, compute_uv=False)
    np.testing.assert_allclose(measured.singular_values[0, 0], expected, rtol=1e-4, atol=1e-6)


def test_the_same_experiment_gives_the_same_bits(run: rv.Run) -> None:
    assert_same(run, rv.run(SMALL))


def test_a_model_does_not_feel_its_neighbours(run: rv.Run) -> None:
    alone = rv.run(dataclasses.replace(SMALL, models=SMALL.models[2:]))
    for together, single in zip(run.frames, alone.frames, strict=True):
        assert together.models["gru"].losses.tobytes() == single.models["gru"].losses.tobytes()


@pytest.mark.parametrize("label", SMALL.labels)
def test_a_model_does_not_feel_that_it_is_watched(label: str) -> None:
    watched, alone = (Learner(SMALL.model(label), SMALL, torch.device("cpu")) for _ in range(2))
    for _, (x, targets, _) in zip(range(5), Batches(SMALL, torch.device("cpu")), strict=False):
        watched.differentiate(x, targets, watched=True)
        alone.differentiate(x, targets)
        watched.update()
        alone.update()
    for one, other in zip(watched.model.parameters(), alone.model.parameters(), strict=True):
        assert torch.equal(one, other)


def test_interleaved_generators_do_not_disturb_each_other(run: rv.Run) -> None:
    generators = [ticks(SMALL), ticks(dataclasses.replace(SMALL, training=rv.TrainingSpec(steps=60, seed=9)))]
    first = rv.Run(SMALL)
    for mine, _ in zip(*generators, strict=False):
        if mine is not None:
            first.append(mine)
    assert_same(run, first)


HASH = """
import hashlib, sys, rnnviz as rv, torch
torch.set_num_threads(int(sys.argv[1]))
torch.randn(7)
deep = rv.ModelSpec("gru", 8, layers=2, reset="before", init="orthogonal", skip=True, dropout=0.3)
models = (rv.ModelSpec("rnn"), rv.ModelSpec("lstm", forget_bias=1.0), deep)
experiment = rv.Experiment(rv.task("adding", length=20), models, rv.TrainingSpec(steps=30, device="cpu"))
found = hashlib.sha256()
for frame in rv.train(experiment):
    for model in frame.models.values():
        for values in (model.losses, model.hidden_grad_norm, *model.trace.values(), *model.weights.values()):
            found.update(values.tobytes())
print(found.hexdigest())
"""


def test_another_process_with_more_threads_gives_the_same_bits() -> None:
    runs = [subprocess.run([sys.executable, "-c", HASH, n], capture_output=True, text=True, check=True) for n in "12"]
    assert runs[0].stdout == runs[1].stdout and len(runs[0].stdout) == 65


def test_training_leaves_torchs_global_generator_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    next(rv.train(SMALL))
    assert torch.equal(torch.rand(3), expected)


def test_forget_bias_is_the_sum_of_both_biases() -> None:
    weights = make_model(rv.ModelSpec("lstm", 6, forget_bias=1.5), SMALL.task, 0).state_dict()
    total = weights["recurrent.bias_ih_l0"] + weights["recurrent.bias_hh_l0"]
    assert torch.equal(total[6:12], torch.full((6,), 1.5))


def test_a_diverging_model_ends_with_a_reason_and_the_others_go_on() -> None:
    wild = rv.ModelSpec("rnn", 32, activation="relu")
    training = rv.TrainingSpec(steps=40, batch=4, lr=1.0, clip=None, device="cpu")
    found = rv.run(rv.Experiment(rv.task("adding", length=100), (wild, rv.ModelSpec("gru", 4)), training))
    assert found.complete
    reason = found.ended["rnn"]
    assert reason.startswith("RNN ended at training step ") and "became" in reason
    assert "gru" in found.frames[-1].models and "rnn" not in found.frames[-1].models
    assert all(math.isfinite(value) for value in found.history().loss)


def test_when_all_models_have_ended_so_has_the_run() -> None:
    wild = rv.ModelSpec("rnn", 32, activation="relu")
    training = rv.TrainingSpec(steps=4000, batch=4, lr=1.0, clip=None, device="cpu")
    found = rv.run(rv.Experiment(rv.task("adding", length=100), (wild,), training))
    assert found.ended and found.steps[-1] < 4000


@pytest.mark.parametrize(
    "spec",
    [
        rv.ModelSpec("lstm", 5, layers=2, bidirectional=True),
        rv.ModelSpec("gru", 5, layers=3),
        rv.ModelSpec("rnn", 5, layers=2, bidirectional=True, activation="sigmoid"),
        rv.ModelSpec("rnn", 5, activation="relu"),
    ],
)
def test_stacks_and_directions_are_measured_whole(spec: rv.ModelSpec) -> None:
    training = rv.TrainingSpec(steps=3, batch=4, device="cpu")
    frame = rv.run(rv.Experiment(rv.task("adding", length=7), (spec,), training)).frames[-1].models[spec.cell]
    assert frame.hidden_grad_norm.shape == (spec.layers, spec.directions, 7)
    assert frame.trace["hidden"].shape == (spec.layers, spec.directions, 7, 3, 5)
    assert frame.singular_values.shape[:2] == (spec.layers, spec.directions)
    assert np.all(frame.hidden_grad_norm[-1] >= 0) and frame.hidden_grad_norm[0].max() > 0


def test_a_missing_gpu_is_refused_in_a_sentence() -> None:
    if torch.cuda.is_available():
        assert next(rv.train(dataclasses.replace(SMALL, training=rv.TrainingSpec(steps=1, device="cuda")))).step == 0
        return
    experiment = dataclasses.replace(SMALL, training=rv.TrainingSpec(device="cuda"))
    with pytest.raises(rv.ExperimentError, match="torch finds no GPU"):
        next(rv.train(experiment))
