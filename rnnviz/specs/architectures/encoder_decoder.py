"""Encoder and decoder: one recurrent network reads a sequence, another writes one."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.specs import translator_sizes
from rnnviz.specs.architectures.architecture import Architecture, Formed, Shapes
from rnnviz.specs.layer_sizes import recurrent_weights
from rnnviz.specs.models import ModelSpec, without_options
from rnnviz.tasks import Task
from rnnviz.tasks.shapes import Sequence, Symbols


class EncoderDecoderArchitecture(Architecture):
    """Sutskever, Vinyals and Le 2014; with attention Bahdanau et al. 2015, Luong et al. 2015."""

    name = "encoder_decoder"
    shapes = "many-to-many of different lengths (encoder–decoder)"
    writes = True
    counted = (
        "Two embeddings, of what is read and of what is written. The layers of encoder and decoder and the readout. "
        "What scores the encoder's states. A bridge where the encoder's last state does not fit the decoder as it is."
    )

    def fits(self, task: Task) -> bool:
        return issubclass(task.answering, Sequence) and issubclass(task.reading, Symbols)

    def default_models(self, task: Task) -> tuple[ModelSpec, ...]:
        """A GRU with and without attention."""
        attending = ModelSpec("gru", task.defaults.hidden, bidirectional=True, attention="additive")
        return attending, dataclasses.replace(attending, attention=None)

    def offered_models(self, task: Task) -> tuple[ModelSpec, ...]:
        """Every cell with attention, then what the task brings along without."""
        brought, bias = self.default_models(task), {"forget_bias": task.defaults.forget_bias}
        cells = [
            dataclasses.replace(brought[0], cell=name, **(bias | without_options(cell)))
            for name, cell in CELLS.items()
            if cell.recurrent
        ]
        return *cells, *(model for model in brought if model.attention is None)

    def form(self, model: Formed, task: Task) -> str:
        return "" if model.attention else "without"

    def parts(self, model: ModelSpec) -> dict[str, ModelSpec]:
        return {"encoder": model, "decoder": translator_sizes.decoder_of(model)}

    def weight_shapes(self, model: ModelSpec, task: Task) -> Shapes:
        return translator_sizes.weight_shapes(model, task.input_size, task.output_size)

    def parameter_formula(self, model: ModelSpec, task: Task) -> str:
        return translator_sizes.parameter_formula(model, task.input_size, task.output_size)

    def embedded(self, weights: Mapping[str, np.ndarray], task: Task, inputs: np.ndarray) -> np.ndarray:
        vectors: np.ndarray = weights["source.weight"][inputs]
        return vectors

    def work(self, model: ModelSpec, task: Task) -> int:
        return task.encoder_steps * recurrent_weights(model, model.hidden) + self.decoding_work(model, task)

    def decoding_work(self, model: ModelSpec, task: Task) -> int:
        """What of `work` the decoder does."""
        decoder = recurrent_weights(translator_sizes.decoder_of(model), translator_sizes.decoder_reads(model))
        looks = task.encoder_steps * model.hidden if model.attention else 0
        return task.answer_steps * (decoder + looks)
