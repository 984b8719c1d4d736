"""What is measured at one moment of training. Plain numpy, so that it can cross a pipe and be kept."""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    pass


@dataclasses.dataclass(frozen=True, slots=True)
class ModelFrame:
    """One model at one moment. Loss, gradients and weights belong together: none is a step older.

    loss:             training loss of the batch that comes next, under `weights`.
    score:            score on the held-out sequences, in the task's unit.
    grad_norm:        norm of the gradient of `loss` by all weights, before clipping.
    clipped:          whether that norm exceeds the threshold.
    losses:           (step,) float32, training loss of every step since the previous frame, this one included.
    grad_norms:       (step,) float32, the same for the gradient norm.
    hidden_grad_norm: (layer, direction, time) float32, Frobenius norm of the total derivative of `loss` by h_t
                      over samples and units.
    cell_grad_norm:   the same for the cell state c_t; None unless the cell is an LSTM.
    singular_values:  (layer, direction, gate, rank) float32, of every gate's own block of W_hh.
    trace:            name → (layer, direction, time, sample, unit) float16, on the task's probes.
    outputs:          (time, sample, output) float16, the answers to the probes; time is 1 if there is one answer.
    weights:          name → float32, as in the model's `state_dict`.
    translated:       what is measured on encoder–decoder models alone, by name; empty for all others (`TRANSLATED`).

    An encoder–decoder has one time axis through both halves: the `input_steps` of its encoder, then the
    `output_steps` of its decoder, which is fed the right answer on the probes. What a half does not have, such as a
    backward direction in the decoder, is NaN, and so are the states where a probe is over.
    """

    loss: float
    score: float
    grad_norm: float
    clipped: bool
    losses: np.ndarray
    grad_norms: np.ndarray
    hidden_grad_norm: np.ndarray
    cell_grad_norm: np.ndarray | None
    singular_values: np.ndarray
    trace: dict[str, np.ndarray]
    outputs: np.ndarray
    weights: dict[str, np.ndarray]
    translated: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = [self.losses, self.grad_norms, self.hidden_grad_norm, self.singular_values, self.outputs]
        arrays += [*self.trace.values(), *self.weights.values(), *self.translated.values()]
        arrays += [] if self.cell_grad_norm is None else [self.cell_grad_norm]
        return sum(array.nbytes for array in arrays)


TRANSLATED = {
    "attention": "(sample, output_time, input_time) float16, weights on the probes, fed with the right answer; rows "
    "sum to 1 and are 0 on padding; absent without attention",
    "written": "(output_time, sample) int16, the classes that the model writes to the probes by itself",
    "held_out_loss": "(2,) float32, cross-entropy on the held-out sequences: fed with the right answer, running free",
    "by_position": "(2, output_time) float32, percent of right symbols at each place of the held-out outputs, likewise",
    "by_length": "(length,) float32, exact match in percent on the sequences of each of the task's `lengths`",
    "alignment": "(2,) float32, mean over all held-out output steps of the entropy of the weights in bits, and of the "
    "largest weight; absent without attention",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Glimpse:
    """The weights of all models between two frames: shown while they are the newest, never kept.

    weights: label → name → float32, after `step` updates.
    """

    step: int
    weights: dict[str, dict[str, np.ndarray]]


@dataclasses.dataclass(frozen=True, slots=True)
class Moment:
    """A point of training at which a glimpse could be taken, if somebody wants one: costs nothing until then."""

    step: int
    take: Callable[[], dict[str, dict[str, np.ndarray]]]

    def glimpse(self) -> Glimpse:
        """The weights as they are now; only until training goes on."""
        return Glimpse(self.step, self.take())


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """All models after `step` updates.

    models: label → what was measured; a model that has ended is missing.
    ended:  label → when and why its training ended, in a sentence.
    """

    step: int
    models: dict[str, ModelFrame]
    ended: dict[str, str]

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(model.nbytes for model in self.models.values())
