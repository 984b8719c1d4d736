"""All that a training needs to go on from a step. Plain numpy and bytes: it crosses a pipe and can be pickled."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ModelState:
    """One model between two updates.

    weights:    name → float32, as in the model's `state_dict`.
    means:      name → float32, Adam's first moment: the running mean of the gradient by each weight.
    squares:    name → float32, its second moment: that of the gradient's square.
    updates:    how many there were, by which Adam corrects both moments.
    generators: what is drawn at random ("masks" of dropout, "coins" of scheduled sampling) → its generator's state.
    losses:     (step,) float64, training loss of every step since the last frame.
    grad_norms: (step,) float64, the same for the gradient norm.
    """

    weights: Mapping[str, np.ndarray]
    means: Mapping[str, np.ndarray]
    squares: Mapping[str, np.ndarray]
    updates: int
    generators: Mapping[str, bytes]
    losses: np.ndarray
    grad_norms: np.ndarray

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays and generators."""
        named = (self.weights, self.means, self.squares)
        arrays = [self.losses, self.grad_norms, *(array for one in named for array in one.values())]
        return sum(array.nbytes for array in arrays) + sum(map(len, self.generators.values()))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TrainerState:
    """A training after `step` updates, before the loss of the next batch is found.

    Its arrays are shared: nobody may change them.

    experiment: what is trained.
    step:       updates done, by models that have not ended.
    start:      where this training itself started; None: with first weights.
    models:     label → state; a model that has ended is missing.
    ended:      label → when and why its training ended, in a sentence.
    batches:    the state of numpy's generator, as JSON, from before the sequences drawn last; several batches are drawn
                at once.
    taken:      how many batches of those sequences were trained on.
    """

    experiment: Experiment
    step: int
    start: Branch | None
    models: Mapping[str, ModelState]
    ended: Mapping[str, str]
    batches: bytes
    taken: int

    @property
    def nbytes(self) -> int:
        """Bytes of all that is not the experiment."""
        return sum(model.nbytes for model in self.models.values()) + len(self.batches)

    @property
    def branch(self) -> Branch:
        """This step of this training, as what another one starts from."""
        return Branch(self.experiment, self.step, self.start)
