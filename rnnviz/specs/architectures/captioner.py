"""A convolutional encoder and a recurrent decoder: a drawing is read at once, and put into words."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from rnnviz.specs import translator_sizes
from rnnviz.specs.architectures.architecture import Shapes
from rnnviz.specs.architectures.encoder_decoder import EncoderDecoderArchitecture
from rnnviz.specs.layer_sizes import recurrent_shapes
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.drawn import Drawing
from rnnviz.tasks.shapes import Sequence

AROUND = 3  # places in each direction that the second convolution sees


class CaptionerArchitecture(EncoderDecoderArchitecture):
    """Xu et al. 2015, "Show, Attend and Tell", with an encoder of two layers that is learned together with the decoder.

    The first convolution sees one place, the second a place and those around it. That second one is a feed-forward
    window of one step over the vectors around each place, and is built, traced and measured as one.
    """

    name = "captioner"
    shapes = "one-to-many (drawing in, words out)"
    counted = (
        "Two layers of convolution, of which the first has a learned vector for each place. An embedding of what is "
        "written. The layers of the decoder and the readout. What scores the places. The bridge from their average to "
        "the decoder's first state."
    )
    averages = True

    def fits(self, task: Task) -> bool:
        return issubclass(task.answering, Sequence) and issubclass(task.reading, Drawing)

    def default_models(self, task: Task) -> tuple[ModelSpec, ...]:
        """A GRU with and without attention, and a simple RNN with it."""
        attending = ModelSpec("gru", task.defaults.hidden, attention="additive")
        return attending, dataclasses.replace(attending, attention=None), dataclasses.replace(attending, cell="rnn")

    def built(self, model: ModelSpec) -> ModelSpec:
        return dataclasses.replace(model, cell="window", window=1, decoder=model.cells[1])

    def parts(self, model: ModelSpec) -> dict[str, ModelSpec]:
        built = self.built(model)
        encoder = ModelSpec(built.cell, model.hidden, model.layers, skip=model.skip, dropout=model.dropout, window=1)
        return {"encoder": encoder, "decoder": translator_sizes.decoder_of(built)}

    def called(self, name: str, part: ModelSpec) -> str:
        return super().called(name, part) if part.kind.recurrent else f"convolution of {AROUND} × {AROUND} places"

    def weight_shapes(self, model: ModelSpec, task: Task) -> Shapes:
        drawing, hidden, built = drawing_of(task), model.hidden, self.built(model)
        first = {
            "patch.weight": (hidden, drawing.size),
            "patch.bias": (hidden,),
            "place.weight": (hidden, drawing.count),
        }
        of_encoder = recurrent_shapes(self.parts(model)["encoder"], AROUND**2 * hidden)
        found = translator_sizes.weight_shapes(built, task.input_size, task.output_size)
        rest = {name: shape for name, shape in found.items() if name.partition(".")[0] not in ("source", "encoder")}
        return {
            **{f"source.{name}": shape for name, shape in first.items()},
            **{f"encoder.{name}": shape for name, shape in of_encoder.items()},
            **rest,
        }

    def parameter_formula(self, model: ModelSpec, task: Task) -> str:
        names = {"source": "first convolution", "encoder": "second convolution", "target": "embedding"}
        return translator_sizes.written_out(self.built(model), self.weight_shapes(model, task), names)

    def work(self, model: ModelSpec, task: Task) -> int:
        convolutions = drawing_of(task).size * model.hidden + AROUND**2 * model.hidden**2 * model.layers
        return task.encoder_steps * convolutions + self.decoding_work(self.built(model), task)

    def embedded(self, weights: Mapping[str, np.ndarray], task: Task, inputs: np.ndarray) -> np.ndarray:
        first = (
            inputs @ weights["source.patch.weight"].T + weights["source.patch.bias"] + weights["source.place.weight"].T
        )
        grid, drawing = np.maximum(first, 0.0), drawing_of(task)
        edge = AROUND // 2
        padded = np.pad(grid.reshape(drawing.rows, drawing.columns, -1), ((edge, edge), (edge, edge), (0, 0)))
        around = [
            padded[row : row + drawing.rows, column : column + drawing.columns]
            for row in range(AROUND)
            for column in range(AROUND)
        ]
        found: np.ndarray = np.concatenate(around, axis=-1).reshape(drawing.count, -1)
        return found


def drawing_of(task: Task) -> Drawing:
    """What a task reads that is a drawing."""
    assert isinstance(task.reads, Drawing)
    return task.reads
