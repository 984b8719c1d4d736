"""One model in training."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from rnnviz.nn.arrays import single
from rnnviz.nn.measure.measuring import Instruments, MeasuredPass
from rnnviz.nn.models.losses import loss_of
from rnnviz.nn.models.model import make_model
from rnnviz.nn.train.captured import CapturedStep, Given, captures
from rnnviz.nn.train.optimizing import Optimizer
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.trainer_state import ModelState
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec


class Ended(NamedTuple):
    """Why a training must end, and how many training steps ago it should have."""

    why: str
    ago: int = 0


def at_once(device: torch.device) -> bool:
    """Whether reading a number does not make the training wait for the device."""
    return device.type == "cpu"


class Learner:
    """One model in training, with what it has gone through since its last frame.

    Losses and norms are read at every training step where that costs nothing, and else at frames alone: a model whose
    loss is no number is then found out at the next frame.

    dtype: in which precision it computes.
    """

    def __init__(
        self, spec: ModelSpec, experiment: Experiment, device: torch.device, dtype: torch.dtype = torch.float32
    ) -> None:
        training = experiment.training
        self.spec, self.of = spec, experiment.task.answers.of
        self.model = make_model(spec, experiment.task, training.seed).to(device, dtype)
        self._optimizer = Optimizer(self.model, training.lr, training.clip, training.weight_decay)
        self._generator = torch.Generator().manual_seed(seed_of(training.seed, 1))
        self._masks: Any = None
        self._seen: tuple[Sequence[Tensor], Sequence[Tensor]] = (), ()  # states of a watched step, gradients by them
        self._losses: list[float] = []
        self._norms: list[float] = []
        self._norm: float | Tensor = 0.0  # of the gradient found last
        self._unread: list[tuple[Tensor, Tensor]] = []  # losses and norms
        self._reads_each = at_once(device)
        self._captured = CapturedStep(self._whole, self._optimizer.changed) if captures(device) else None

    def given(self, inputs: Tensor, targets: Tensor, known: Tensor | None = None) -> Given:
        """All that one training step is computed from; what it needs of chance is drawn on the CPU, and sent.

        known: as in `Drawn`.
        """
        return Given(inputs, targets, known, self.model.masks(inputs, self._generator))

    def loss(self, given: Given, watched: bool = False) -> tuple[Tensor, list[Tensor]]:
        """The loss of a batch, and the states that `measure_inside` needs the gradients by, if `watched`.

        Nothing here waits for the device, nor comes to it from the CPU.
        """
        inputs, targets, known, self._masks = given
        taps = self.model.taps(inputs) if watched else []
        states = self.model.states(inputs, self._masks, taps)
        loss = loss_of(self.of, self.model.answer(states, self.model.extent(inputs)), targets, known)
        return loss, [states, *taps] if watched else []

    def measure_inside(self, instruments: Any, inputs: Tensor, targets: Tensor) -> dict[str, Any]:
        """The parts of a frame that come from looking into the model on the batch whose loss was just found."""
        (states, *_), (by_states, *totals) = self._seen
        self._seen = (), ()
        step = MeasuredPass(states.detach(), by_states, totals, self._masks)
        found: dict[str, Any] = instruments.measure(self.model, self.spec.cell, inputs, step)
        return found

    def differentiate(
        self, inputs: Tensor, targets: Tensor, known: Tensor | None = None, watched: bool = False
    ) -> Ended | None:
        """Loss and gradient on a batch; returns why the training must end, or None.

        known:   as in `Drawn`.
        watched: whether the step is to be measured.
        """
        return self._differentiate(self.given(inputs, targets, known), watched)

    def _differentiate(self, given: Given, watched: bool) -> Ended | None:
        loss, states = self.loss(given, watched)
        self._norm, by_states = self._optimizer.differentiate(loss, states)
        self._seen = states, by_states
        self._unread.append((loss.detach(), self._norm))
        return self.settle() if watched or self._reads_each else None

    def train(self, inputs: Tensor, targets: Tensor, known: Tensor | None = None) -> Ended | None:
        """A training step that is not measured, its update included; as `differentiate`."""
        given, self._seen = self.given(inputs, targets, known), ((), ())
        told = None if self._captured is None else self._captured(given)
        if told is not None:
            self._unread.append((told[0], told[1]))
            return None
        ended = self._differentiate(given, watched=False)
        if ended is None:
            self.update()
        return ended

    def _whole(self, given: Given) -> Tensor:
        """One training step, all on the device: its loss and the norm of its gradient, (2,)."""
        loss, _ = self.loss(given)
        norm, _ = self._optimizer.differentiate(loss)
        self._optimizer.update(norm)
        return torch.stack([loss.detach(), norm])

    def settle(self) -> Ended | None:
        """Read the losses and norms of all training steps since this was done last; as `differentiate`."""
        told = [number for pair in self._unread for number in pair]
        values = [one.item() for one in told] if len(told) <= 2 else torch.stack(told).tolist()
        self._unread = []
        for place in range(0, len(values), 2):
            value, norm = values[place : place + 2]
            if not math.isfinite(value) or not math.isfinite(norm):
                what, found = ("its loss", value) if not math.isfinite(value) else ("the norm of its gradient", norm)
                why = f"{what} became {'not a number' if math.isnan(found) else 'infinite'}"
                return Ended(why, (len(values) - place) // 2 - 1)
            self._losses.append(value)
            self._norms.append(norm)
            self._norm = norm
        return None

    def update(self) -> None:
        """One step of the optimizer along the gradient found last."""
        self._optimizer.update(self._norm)

    def measure(self, instruments: Instruments, inputs: Tensor, targets: Tensor) -> ModelFrame:
        """Everything a frame holds, under the weights on which loss and gradient were just found."""
        return ModelFrame(
            {
                "loss": self._losses[-1],
                "score": instruments.score(self.model),
                "losses": np.array(self._losses, np.float32),
                "grad_norms": np.array(self._norms, np.float32),
                **self._optimizer.measure(self._norms[-1]),
                **self.measure_inside(instruments, inputs, targets),
            }
        )

    def begin_frame(self) -> None:
        """From here on, losses and norms are those of the next frame."""
        self._losses, self._norms = [], []

    def weights(self) -> dict[str, np.ndarray]:
        """A copy of the weights, by the names of the model's `state_dict`."""
        return {name: single(weight) for name, weight in self.model.state_dict().items()}

    def state(self) -> ModelState:
        """All that the training of this model needs to go on, between two steps, after `settle`."""
        names, optimizer = [name for name, _ in self.model.named_parameters()], self._optimizer
        return ModelState(
            weights=self.weights(),
            means=dict(zip(names, map(single, optimizer.means), strict=True)),
            squares=dict(zip(names, map(single, optimizer.squares), strict=True)),
            updates=optimizer.updates,
            generators={name: one.get_state().numpy().tobytes() for name, one in self._generators().items()},
            losses=np.array(self._losses, np.float64),
            grad_norms=np.array(self._norms, np.float64),
        )

    def restore(self, state: ModelState) -> None:
        """Go on from a state of a model with the same weights' shapes."""
        self.model.load_state_dict({name: torch.tensor(weight) for name, weight in state.weights.items()})
        self._optimizer.restore(state.means.values(), state.squares.values(), state.updates)
        for name, generator in self._generators().items():
            generator.set_state(torch.frombuffer(bytearray(state.generators[name]), dtype=torch.uint8))
        self._losses, self._norms, self._unread = state.losses.tolist(), state.grad_norms.tolist(), []

    def _generators(self) -> dict[str, torch.Generator]:
        """What it draws at random → from where."""
        return {"masks": self._generator}


def seed_of(seed: int, purpose: int) -> int:
    """A seed from that of the training for another purpose, so that it does not repeat the numbers of the weights."""
    return int(np.random.SeedSequence((seed, purpose)).generate_state(1)[0])
