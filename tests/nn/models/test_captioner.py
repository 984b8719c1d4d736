"""The convolutional encoder against torch's own convolutions, in double precision; and what is known of it unbuilt."""

import dataclasses
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import rnnviz as rv
from rnnviz.nn.models.captioner import Captioner
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.nn.models.model import make_model
from rnnviz.nn.train.batches import Batches
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.captions import Captions

TASK = Captions()
NETWORK = architectures.of(TASK)
H = 5
SPECS = [
    ModelSpec(cell, H, layers, attention=kind)
    for cell in ("rnn", "lstm", "gru")
    for layers in (1, 2)
    for kind in (None, "additive", "dot", "general")
]


def model_of(spec: ModelSpec) -> Captioner:
    made: Captioner = make_model(spec, TASK, 3).double()
    return made


def by_torch(model: Captioner, drawings: Tensor) -> Tensor:
    """The same encoder, of one layer, with torch's own convolutions over whole drawings: (place, B, H)."""
    pixels = torch.tensor(TASK.reads.joined(drawings.numpy())).permute(0, 3, 1, 2)
    source: Any = model.source
    w = model.encoder.weight_ih_l0
    first = source.patch.weight.view(H, 4, 4, 3).permute(0, 3, 1, 2)
    found = nn.functional.conv2d(pixels, first, source.patch.bias, stride=4)
    found = torch.relu(found + source.place.weight.view(1, H, 6, 6))
    second = w.view(H, 3, 3, H).permute(0, 3, 1, 2)
    states = torch.tanh(nn.functional.conv2d(found, second, cast(Tensor, model.encoder.bias_ih_l0), padding=1))
    return states.flatten(2).permute(2, 0, 1)


def batch() -> tuple[Tensor, Tensor]:
    drawn = TASK.sample(np.random.default_rng(0), 6)
    return torch.tensor(drawn.inputs).double(), torch.tensor(drawn.targets)


def test_states_and_gradients_are_those_of_torchs_convolutions() -> None:
    model, (drawings, _) = model_of(ModelSpec("gru", H, attention="additive")), batch()
    memory = model.encode(drawings).memory.transpose(0, 1)
    right = by_torch(model, drawings)
    torch.testing.assert_close(memory, right, rtol=0, atol=1e-12)
    weights = [*model.source.parameters(), *model.encoder.parameters()]
    mixed = torch.randn(memory.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    ours, theirs = (torch.autograd.grad((found * mixed).sum(), weights) for found in (memory, right))
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-10)


def test_without_attention_the_average_of_all_places_is_all_that_counts() -> None:
    model, (drawings, targets) = model_of(ModelSpec("gru", H)), batch()
    reading, fed = model.encode(drawings), model.fed_right(targets)
    first = torch.tanh(model.bridge_h[0](reading.memory.mean(1)))
    torch.testing.assert_close(reading.first.h[0], first)
    order = torch.randperm(36, generator=torch.Generator().manual_seed(2))
    turned = reading._replace(memory=reading.memory[:, order])
    torch.testing.assert_close(model.write(turned, fed)[0], model.write(reading, fed)[0])


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_what_is_known_of_it_unbuilt_is_what_is_built(spec: ModelSpec) -> None:
    model = model_of(spec)
    assert NETWORK.weight_shapes(spec, TASK) == {name: tuple(w.shape) for name, w in model.state_dict().items()}
    formula, total = NETWORK.parameter_formula(spec, TASK).split(" = ")
    assert sum(int(part.rsplit(" ", 1)[1].replace(",", "")) for part in formula.split(" + ")) == int(
        total.replace(",", "")
    )
    assert int(total.replace(",", "")) == sum(weight.numel() for weight in model.parameters())
    weights = {name: weight.numpy() for name, weight in model.state_dict().items()}
    drawings, _ = batch()
    found = NETWORK.embedded(weights, TASK, drawings[:, 2].numpy())
    np.testing.assert_allclose(found, model.embedded(drawings)[0][:, 2].detach().numpy(), atol=1e-12)


@pytest.mark.parametrize("attention", [None, "additive"])
def test_a_frame_holds_the_norms_that_autograd_finds(attention: str | None) -> None:
    experiment = rv.Experiment(
        TASK, [ModelSpec("lstm", H, attention=attention)], rv.TrainingSpec(steps=1, batch=4, seed=1, device="cpu")
    )
    (frame,) = rv.run(experiment).frames[0].models.values()
    model = make_model(experiment.models[0], TASK, 1)
    inputs, targets, _ = next(Batches(experiment, torch.device("cpu")))
    x, extent = model.embedded(inputs)
    memory, last = model.encoder(x)
    reading = model.handed_over(memory, (last,), extent)
    loss = sequence_loss(model.write(reading, model.fed_right(targets))[0], targets)
    (by_memory,) = torch.autograd.grad(loss, memory)
    np.testing.assert_allclose(frame.hidden_grad_norm[0, 0, :36], by_memory.norm(dim=(1, 2)).numpy(), rtol=1e-4)
    assert np.isnan(frame.cell_grad_norm[0, 0, :36]).all() and np.isfinite(frame.cell_grad_norm[0, 0, 36:]).all()
    assert frame.singular_values.shape == (1, 1, 4, H), "those of the decoder: the encoder has no W_hh"


def test_the_same_experiment_gives_the_same_run_in_any_order_of_models() -> None:
    models = [ModelSpec("gru", H, attention="additive"), ModelSpec("rnn", H)]
    training = rv.TrainingSpec(steps=3, batch=4, device="cpu")
    one, other = (rv.run(rv.Experiment(TASK, order, training)) for order in (models, models[::-1]))
    for label in one.experiment.labels:
        for name, values in one.frames[-1].models[label].weights.items():
            np.testing.assert_array_equal(values, other.frames[-1].models[label].weights[name])


@pytest.mark.parametrize(("changed", "why"), [
    ({"bidirectional": True}, "whose input has no order in time"),
    ({"decoder": "lstm"}, "whose encoder is no recurrent one"),
])  # fmt: skip
def test_what_a_drawing_has_no_use_for_is_refused(changed: dict[str, Any], why: str) -> None:
    spec = dataclasses.replace(ModelSpec("gru", H), **changed)
    with pytest.raises(rv.ExperimentError, match=why):
        rv.Experiment(TASK, [spec])
