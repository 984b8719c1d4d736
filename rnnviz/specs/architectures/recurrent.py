"""Recurrent layers and a linear readout: one answer at the end, or one at every step."""

from collections.abc import Mapping

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.specs.architectures import placed
from rnnviz.specs.architectures.architecture import Architecture, Formed, Shapes
from rnnviz.specs.layer_sizes import parameter_formula, recurrent_weights, weight_shapes
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.shapes import EveryStep, Once, Symbols


class RecurrentArchitecture(Architecture):
    """h_t from x_t and h_{t-1}, layer on layer; y = W_hy h + b_y."""

    name = "recurrent"
    shapes = "many-to-one, or many-to-many of equal length"
    writes = False
    counted = (
        "For every layer: gates × (W_ih + W_hh + two biases), each as rows × columns of one gate's block; then the "
        "readout."
    )

    def fits(self, task: Task) -> bool:
        return issubclass(task.answering, Once | EveryStep)

    def default_models(self, task: Task) -> tuple[ModelSpec, ...]:
        """The three cells at the width the task asks for, and what it wants to be read in both directions.

        Or those that it names itself.
        """
        if task.defaults.models:
            return tuple(ModelSpec(**given) for given in task.defaults.models)
        hidden, bias, both = task.defaults.hidden, task.defaults.forget_bias, task.defaults.both_ways
        cells = ModelSpec("rnn", hidden), ModelSpec("lstm", hidden, forget_bias=bias), ModelSpec("gru", hidden)
        return *cells, *((ModelSpec(both, hidden, bidirectional=True),) if both else ())

    def offered_models(self, task: Task) -> tuple[ModelSpec, ...]:
        """The default ones, and every other cell as wide as those."""
        brought = self.default_models(task)
        known = {model.cell for model in brought if model.reach is None}
        return *brought, *(ModelSpec(cell, task.defaults.hidden) for cell in CELLS if cell not in known)

    def form(self, model: Formed, task: Task) -> str:
        if model.reach is None:
            return ""
        return placed.places_of(task).form if model.reach else "alone"

    def check(self, model: ModelSpec, task: Task) -> None:
        if model.reach is not None:
            placed.check(model, task)

    def dense(self, model: ModelSpec, task: Task, weights: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
        return weights if model.reach is None else placed.dense(model, task, weights)

    def parts(self, model: ModelSpec) -> dict[str, ModelSpec]:
        return {"recurrent": model}

    def weight_shapes(self, model: ModelSpec, task: Task) -> Shapes:
        if model.reach is not None:
            return placed.weight_shapes(model, task)
        embedding = {"embedding.weight": (task.input_size, model.hidden)} if embeds(task) else {}
        return embedding | weight_shapes(model, read_size(model, task), task.output_size)

    def parameter_formula(self, model: ModelSpec, task: Task) -> str:
        if model.reach is not None:
            return placed.parameter_formula(model, task)
        formula = parameter_formula(model, read_size(model, task), task.output_size)
        if not embeds(task):
            return formula
        terms, _, count = formula.rpartition(" = ")
        embedding = task.input_size * model.hidden
        return f"{task.input_size}×{model.hidden} + {terms} = {int(count.replace(',', '')) + embedding:,}"

    def embedded(self, weights: Mapping[str, np.ndarray], task: Task, inputs: np.ndarray) -> np.ndarray:
        return weights["embedding.weight"][inputs] if embeds(task) else inputs

    def work(self, model: ModelSpec, task: Task) -> int:
        return task.steps * recurrent_weights(model, read_size(model, task))


def embeds(task: Task) -> bool:
    """Whether what comes in is turned into learned vectors first."""
    return isinstance(task.reads, Symbols)


def read_size(model: ModelSpec, task: Task) -> int:
    """Numbers that the lowest layer reads at one time step."""
    return model.hidden if embeds(task) else task.input_size
