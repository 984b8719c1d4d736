"""The stream of training batches, which can be left at any batch and taken up there again."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from rnnviz.nn.arrays import sent
from rnnviz.nn.models.losses import known_in
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Batch

SAMPLED_AT_ONCE = 256  # sequences; drawing several batches together costs less than one by one


class Drawn(NamedTuple):
    """A training batch.

    inputs:  (T, B, I), or (T, B) symbols.
    targets: as the task gives them.
    known:   (known,) int64, where the flattened targets are known, of a task of which some may be missing; else None.
    """

    inputs: Tensor
    targets: Tensor
    known: Tensor | None


class Batches(Iterator[Drawn]):
    """The training batches in their order, without end.

    before: the state of numpy's generator from before the sequences drawn last (see `place`); None: the seed's.
    taken:  how many batches of those sequences are passed over.
    """

    def __init__(
        self, experiment: Experiment, device: torch.device, before: bytes | None = None, taken: int = 0
    ) -> None:
        training = experiment.training
        self._task, self._device = experiment.task, device
        self._size = training.batch if training.sequences is None else min(training.batch, training.sequences)
        self._together = max(1, SAMPLED_AT_ONCE // self._size)
        self._same = None if training.sequences is None else Repeated(experiment, self._size * self._together)
        self._rng = np.random.default_rng(training.seed)
        if before is not None:
            self._rng.bit_generator.state = json.loads(before)
        self._before, self._taken = self._rng.bit_generator.state, taken
        self._parts = self._all_parts()

    def __next__(self) -> Drawn:
        return next(self._parts)

    def _all_parts(self) -> Iterator[Drawn]:
        while True:
            drawn = self._drawn()
            inputs, targets = (sent(torch.tensor(every), self._device) for every in (drawn.inputs, drawn.targets))
            while self._taken < drawn.size // self._size:
                part = slice(self._taken * self._size, (self._taken + 1) * self._size)
                self._taken += 1
                asked: Any = self._task.answers.take(targets, part)  # type: ignore[arg-type]
                yield Drawn(inputs[:, part].contiguous(), asked.contiguous(), self._known(drawn, part))
            self._before, self._taken = self._rng.bit_generator.state, 0

    def _known(self, drawn: Batch, part: slice) -> Tensor | None:
        """Found on the CPU, as a GPU would have to be waited for."""
        answers = self._task.answers
        if not answers.of.partial:
            return None
        return sent(known_in(torch.tensor(answers.take(drawn.targets, part))), self._device)

    def _drawn(self) -> Batch:
        if self._same is not None:
            return self._same.drawn(self._rng)
        return self._task.sample(self._rng, self._size * self._together)

    @property
    def place(self) -> tuple[bytes, int]:
        """Where it is, as `before` and `taken` of another stream that goes on from here."""
        return json.dumps(self._before).encode(), self._taken


class Repeated:
    """So many different sequences to train on, which come again and again in another order.

    They lie in parts of at most `most`, each of which is made anew from a seed of its own when its turn comes, so that
    a hundred thousand take no more memory than a few. Which they are depends on the seed of the training alone.
    """

    def __init__(self, experiment: Experiment, most: int) -> None:
        assert experiment.training.sequences is not None
        self._task, self._seed = experiment.task, experiment.training.seed
        parts = -(-experiment.training.sequences // most)
        self._sizes = [len(part) for part in np.array_split(np.arange(experiment.training.sequences), parts)]
        self._kept: tuple[int, Batch] | None = None

    def drawn(self, rng: np.random.Generator) -> Batch:
        """One of the parts, in a new order."""
        at = int(rng.integers(len(self._sizes)))
        part, order = self._part(at), rng.permutation(self._sizes[at])
        return Batch(part.inputs[:, order], self._task.answers.take(part.targets, order))

    def _part(self, at: int) -> Batch:
        if self._kept is None or self._kept[0] != at:
            self._kept = at, self._task.sample(np.random.default_rng((self._seed, at)), self._sizes[at])
        return self._kept[1]
