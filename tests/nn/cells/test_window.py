"""What is particular to the feed-forward window: how far it sees, to the last bit, and what that lets it learn."""

import numpy as np
import pytest
import torch
from torch import nn

import rnnviz as rv
from rnnviz.findings import findings
from rnnviz.nn.cells import weights
from rnnviz.nn.cells.window import Window
from rnnviz.specs import architectures
from tests.nn.reference import numbers


def module(window: int, layers: int = 1) -> nn.RNNBase:
    found = Window(window).module(3, 4, layers).double()
    with torch.no_grad():
        for seed, weight in enumerate(found.parameters()):
            weight.copy_(numbers(*weight.shape, seed=seed))
    return found


@pytest.mark.parametrize("window", [1, 2, 5, 9, 64])
def test_a_step_is_the_equation(window: int) -> None:
    w, x = module(window).state_dict(), numbers(7, 2, 3)
    h = module(window)(x)[0]
    for t in range(7):
        a = w["bias_ih_l0"].clone().expand(2, 4)
        for back in range(min(window, t + 1)):
            a = a + x[t - back] @ w["weight_ih_l0"][:, 3 * back : 3 * back + 3].T
        torch.testing.assert_close(h[t], torch.tanh(a), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("window", "layers"), [(1, 1), (3, 1), (3, 2), (2, 4)])
def test_inputs_older_than_the_window_have_no_influence_at_all(window: int, layers: int) -> None:
    net, x = module(window, layers), numbers(12, 2, 3)
    sees = layers * (window - 1) + 1  # inputs, the own one among them
    for t in range(12):
        other, first = x.clone(), max(0, t - sees + 1)
        other[:first] = numbers(first, 2, 3, seed=8)
        assert torch.equal(net(x)[0][t], net(other)[0][t])
        read = x.clone().requires_grad_()
        (by_x,) = torch.autograd.grad(net(read)[0][t].sum(), read)
        assert not by_x[:first].any() and not by_x[t + 1 :].any()
        assert (by_x[first : t + 1] != 0).any((1, 2)).all()


def test_nothing_comes_back_from_one_state_to_the_one_before() -> None:
    net, x = module(3), numbers(6, 2, 3)
    flow = rv.gradient_flow(net, x, lambda output: output[-1].square().sum())
    assert not flow.hidden_grad[0, 0, :-1].any() and flow.hidden_grad[0, 0, -1].all()
    found = rv.jacobians(net, x)
    assert not found.singular_values.any() and not found.lag_norm[0, 0, 1:].any()


def test_inputs_that_are_too_many_to_be_spread_out_at_once_make_no_difference(monkeypatch) -> None:
    net, x, found = module(5, 2), numbers(9, 2, 3), []
    for together in (weights.AT_ONCE, 2 * 9 * 2 * 3, 1):
        monkeypatch.setattr(weights, "AT_ONCE", together)
        read = x.clone().requires_grad_()
        output = net(read)[0]
        found.append([output, *torch.autograd.grad(output.square().sum(), [read, *net.parameters()])])
    for other in found[1:]:
        torch.testing.assert_close(other, found[0], rtol=1e-12, atol=1e-12)


def test_it_has_no_weights_of_a_state() -> None:
    spec, task = rv.ModelSpec("window", 4, layers=2, window=3), rv.task("recall")
    shapes = architectures.of(task).weight_shapes(spec, task)
    assert not [name for name in shapes if "_hh_" in name]
    assert shapes["recurrent.weight_ih_l0"] == (4, 3 * 16) and shapes["recurrent.weight_ih_l1"] == (4, 3 * 4)


def trained(lag: int, **options: int) -> rv.Run:
    task = rv.task("recall", lag=lag)
    training = rv.TrainingSpec(steps=300, lr=1e-2, device="cpu")
    return rv.run(rv.Experiment(task, (rv.ModelSpec("window", **options),), training))


@pytest.mark.parametrize(("lag", "options"), [(7, {"window": 8}), (4, {"window": 3, "layers": 2})])
def test_it_recalls_what_it_still_sees(lag: int, options: dict[str, int]) -> None:
    assert trained(lag, **options).frames[-1].models["window"].score == 100


@pytest.mark.parametrize(("lag", "options"), [(8, {"window": 8}), (5, {"window": 3, "layers": 2})])
def test_it_guesses_what_it_no_longer_sees(lag: int, options: dict[str, int]) -> None:
    """The letter has left the window, so that the answer to all eight letters is the same but for what passed by."""
    run = trained(lag, **options)
    assert run.frames[-1].models["window"].score == pytest.approx(run.experiment.task.baseline, abs=10)
    answers = run.frames[-1].models["window"].outputs[-1]
    assert np.array_equal(answers[0], answers[1]), "probes that differ in nothing but the letter"


@pytest.mark.parametrize("task", ["adding", "recall", "brackets", "waves", "text", "sentiment", "tagging"])
def test_it_trains_on_every_task_of_recurrent_layers_and_opens_again(task: str, tmp_path) -> None:
    experiment = rv.Experiment(rv.task(task), (rv.ModelSpec("window", 4, 2),), rv.TrainingSpec(steps=3, batch=4))
    run = rv.run(experiment)
    run.save(tmp_path / "run.safetensors")
    again = rv.Run.load(tmp_path / "run.safetensors")
    assert again.experiment == experiment and again.experiment.key == experiment.key
    assert (
        again.trace("window").equals(run.trace("window")) and run.frames[-1].models["window"].singular_values.size == 0
    )
    assert findings(run)


def test_it_goes_on_from_a_step_bit_for_bit() -> None:
    run = trained(6)
    state = rv.resume(run, 120)
    frames = [*rv.train(run.experiment, start=state)]
    last, again = run.frames[-1].models["window"], frames[-1].models["window"]
    assert all(weight.tobytes() == again.weights[name].tobytes() for name, weight in last.weights.items())
