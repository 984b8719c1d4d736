"""Encoder–decoder models in training: what they are fed, and what is measured on both halves."""

import torch
from torch import Tensor

from rnnviz.nn.arrays import sent
from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.decode.feeding import coins, detached, fed_by_coins
from rnnviz.nn.measure.measuring_translation import TranslationInstruments
from rnnviz.nn.models.encoder_decoder import Encoded
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.nn.train.captured import Given
from rnnviz.nn.train.learner import Learner, seed_of
from rnnviz.runs.trainer_state import ModelState
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.forcing import probability
from rnnviz.specs.models import ModelSpec


class TranslationLearner(Learner):
    """One encoder–decoder in training."""

    def __init__(self, spec: ModelSpec, experiment: Experiment, device: torch.device, *more: torch.dtype) -> None:
        super().__init__(spec, experiment, device, *more)
        self._training, self._step = experiment.training, 0
        self._coins = torch.Generator().manual_seed(seed_of(experiment.training.seed, 2))
        self._fed: Tensor | None = None

    def given(self, inputs: Tensor, targets: Tensor, known: Tensor | None = None) -> Given:
        """As of every learner; with coins, (T, B), as the schedule has them at this step, unless all are heads."""
        masks = self.model.masks(inputs, targets, self._generator)
        right = coins(targets.shape, probability(self._training, self._step), self._coins)
        self._step += 1
        heads = bool(right[1:].all())
        return Given(inputs, targets, known, (masks, None if heads else sent(right, targets.device)))

    def loss(self, given: Given, watched: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Cross-entropy of a batch (T, B)."""
        inputs, targets, _, (self._masks, right) = given
        read, write = self._masks or (None, None)
        reading = self.model.encode(inputs, read)
        self._fed = self._feed(reading, targets, right, write)
        return sequence_loss(self.model.write(reading, self._fed, write)[0], targets), []

    def _feed(self, reading: Encoded, targets: Tensor, right: Tensor | None, masks: Masks | None) -> Tensor:
        """What the decoder reads in this step of the training."""
        if right is None:
            fed: Tensor = self.model.fed_right(targets)
            return fed
        return fed_by_coins(self.model, detached(reading), targets, right, masks)

    def measure_inside(self, instruments: TranslationInstruments, inputs: Tensor, targets: Tensor) -> dict[str, object]:
        assert self._fed is not None
        return instruments.measure(self.model, self.spec, inputs, targets, self._fed, self._masks)

    def restore(self, state: ModelState) -> None:
        super().restore(state)
        self._step = state.updates

    def _generators(self) -> dict[str, torch.Generator]:
        return super()._generators() | {"coins": self._coins}
