"""Models that read symbols: a padded batch is answered, learned and measured as if each sequence were read alone."""

import functools

import numpy as np
import pytest
import torch

from rnnviz.nn.measure.measuring import Instruments
from rnnviz.nn.models.losses import loss_of
from rnnviz.nn.models.model import SequenceModel, make_model
from rnnviz.nn.train.learner import Learner
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task
from rnnviz.tasks.batch import PAD, Batch

SPECS = {
    "rnn": ModelSpec("rnn", 5),
    "relu": ModelSpec("rnn", 5, layers=2, bidirectional=True, activation="relu"),
    "lstm": ModelSpec("lstm", 5, layers=2, bidirectional=True, skip=True),
    "gru": ModelSpec("gru", 5, bidirectional=True),
    "before": ModelSpec("gru", 5, layers=2, reset="before"),
}
TASKS = ["sentiment", "tagging"]
every = pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in TASKS for kind in SPECS])


@functools.cache
def drawn(name: str, size: int = 6) -> Batch:
    batch = task(name).sample(np.random.default_rng(3), size)
    assert len(set(batch.lengths)) > 2
    return batch


def alone(name: str, sample: int) -> tuple[torch.Tensor, torch.Tensor]:
    """One sequence of the batch without its padding."""
    batch, answers = drawn(name), task(name).answers
    length = batch.lengths[sample]
    targets = answers.take(batch.targets, slice(sample, sample + 1))
    inputs = torch.tensor(batch.inputs[:length, sample : sample + 1])
    return inputs, torch.tensor(targets if answers.at_end else targets[:length])


def asked(targets: torch.Tensor) -> int:
    return int((targets != PAD).sum())


@every
def test_answers_and_gradients_are_those_of_each_sequence_alone(name: str, kind: str) -> None:
    chosen, batch = task(name), drawn(name)
    model = make_model(SPECS[kind], chosen, 0).double()
    targets = torch.tensor(batch.targets)
    answers = model(torch.tensor(batch.inputs))
    loss = loss_of(chosen.answers.of, answers, targets)
    by_one = torch.zeros((), dtype=torch.float64)
    for sample, length in enumerate(batch.lengths):
        inputs, right = alone(name, sample)
        single = model(inputs)
        mine = answers[sample : sample + 1] if chosen.answers.at_end else answers[:length, sample : sample + 1]
        torch.testing.assert_close(mine, single)
        by_one = by_one + loss_of(chosen.answers.of, single, right) * asked(right) / asked(targets)
    torch.testing.assert_close(loss, by_one)
    weights = list(model.parameters())
    for a, b in zip(torch.autograd.grad(loss, weights), torch.autograd.grad(by_one, weights), strict=True):
        torch.testing.assert_close(a, b)


@every
def test_what_a_frame_measures_is_that_of_each_sequence_alone(name: str, kind: str) -> None:
    """The norm over samples of ∂L/∂h_t, step by step of the input, and the states of the probes."""
    chosen, batch, spec = task(name), drawn(name), SPECS[kind]
    experiment = Experiment(chosen, (spec,), TrainingSpec(steps=1, batch=batch.size))
    learner = Learner(spec, experiment, torch.device("cpu"))
    inputs, targets = torch.tensor(batch.inputs), torch.tensor(batch.targets)
    assert learner.differentiate(inputs, targets, watched=True) is None
    frame = learner.measure(Instruments(chosen, torch.device("cpu")), inputs, targets)
    norms = [frame.hidden_grad_norm, *(() if frame.cell_grad_norm is None else (frame.cell_grad_norm,))]
    squares = [np.zeros(norm.shape) for norm in norms]
    for sample, length in enumerate(batch.lengths):
        for square, found in zip(squares, _gradients(learner.model.double(), name, sample), strict=True):
            square[..., :length] += found**2
    for norm, square in zip(norms, squares, strict=True):
        np.testing.assert_allclose(norm, np.sqrt(square), rtol=2e-3, atol=1e-7)
    for probe in range(3):
        real = chosen.steps_of(probe)
        hidden = frame.trace["hidden"][:, :, :, probe]
        assert np.isnan(hidden[:, :, ~real]).all() and np.isfinite(hidden[:, :, real]).all()


def _gradients(model: SequenceModel, name: str, sample: int) -> list[np.ndarray]:
    """‖∂L/∂h_t‖ (and of c_t) of one sequence's part of the loss: (layer, direction, time)."""
    from rnnviz.nn.cells.unfolding import outputs, sweep_back, unfold

    chosen = task(name)
    inputs, right = alone(name, sample)
    layers = unfold(model.recurrent, model.embedded(inputs).detach())
    top = outputs(layers[-1]).detach().requires_grad_()
    share = asked(right) / asked(torch.tensor(drawn(name).targets))
    (dy,) = torch.autograd.grad(loss_of(chosen.answers.of, model.answer(top), right) * share, top)
    rows = sweep_back(layers, dy)
    found = []
    for what in ("hidden", "cell"):
        totals = [
            [one.aligned(getattr(back, what)) for one, back in zip(row, swept, strict=True)]
            for row, swept in zip(layers, rows, strict=True)
            if getattr(swept[0], what) is not None
        ]
        if totals:
            found.append(np.array([[part.norm(dim=(1, 2)).numpy() for part in row] for row in totals]))
    return found
