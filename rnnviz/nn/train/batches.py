"""The stream of training batches, which can be left at any batch and taken up there again."""

import json
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from rnnviz.specs.experiment import Experiment

SAMPLED_AT_ONCE = 256  # sequences; drawing several batches together costs less than one by one


class Batches(Iterator[tuple[Tensor, Tensor]]):
    """The training batches in their order, without end: inputs (T, B, I), targets as the task gives them.

    before: the state of numpy's generator from before the sequences drawn last (see `place`); None: the seed's.
    taken:  how many batches of those sequences are passed over.
    """

    def __init__(
        self, experiment: Experiment, device: torch.device, before: bytes | None = None, taken: int = 0
    ) -> None:
        self._task, self._device, self._size = experiment.task, device, experiment.training.batch
        self._together = max(1, SAMPLED_AT_ONCE // self._size)
        self._rng = np.random.default_rng(experiment.training.seed)
        if before is not None:
            self._rng.bit_generator.state = json.loads(before)
        self._before, self._taken = self._rng.bit_generator.state, taken
        self._parts = self._all_parts()

    def __next__(self) -> tuple[Tensor, Tensor]:
        return next(self._parts)

    def _all_parts(self) -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            drawn = self._task.sample(self._rng, self._size * self._together)
            while self._taken < self._together:
                part = slice(self._taken * self._size, (self._taken + 1) * self._size)
                targets = self._task.answers.take(drawn.targets, part)
                self._taken += 1
                yield (
                    torch.tensor(drawn.inputs[:, part], device=self._device),
                    torch.tensor(targets, device=self._device),
                )
            self._before, self._taken = self._rng.bit_generator.state, 0

    @property
    def place(self) -> tuple[bytes, int]:
        """Where it is, as `before` and `taken` of another stream that goes on from here."""
        return json.dumps(self._before).encode(), self._taken
