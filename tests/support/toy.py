"""A cell that nobody knows: a description with no more than blocks and states, and a run of a model with it."""

import numpy as np
import pytest

from rnnviz.cells import CELLS
from rnnviz.cells.block import Block, State
from rnnviz.cells.cell import Cell
from rnnviz.nn.train.training import train  # all implementations are looked up before a cell without one is known
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task

TOY = Cell(
    name="toy",
    title="Toy",
    place=9,
    colour="#7A5195",
    without="#B39BC8",
    blocks=(
        Block("leak_gate", "l", "lₜ", "leak gate", "sigmoid", "keeps", "l_t = σ(…)", ends=("leaks", "holds")),
        Block("fresh", "p", "p̃ₜ", "fresh candidate", "tanh", "offers", "p̃_t = tanh(…)"),
    ),
    states=(State("hidden", "h", "hₜ", "hidden state", "h_t = l_t ⊙ h_(t-1) + (1 − l_t) ⊙ p̃_t", "-1 to 1"),),
    settings=(),
    source="nobody, 2025",
)
_FROM = {"hidden": "hidden", "leak_gate": "update_gate", "fresh": "candidate"}  # a GRU's variables stand for its own


def known(patch: pytest.MonkeyPatch, *cells: Cell) -> None:
    """Let the app know these cells, by nothing but their descriptions."""
    for cell in cells:
        patch.setitem(CELLS, cell.name, cell)


def run_of(cell: Cell, steps: int = 3) -> Run:
    """A run of one model of a cell that is known: the numbers are those of a GRU, as many as the cell has of them."""
    chosen, training = task("adding", length=6), TrainingSpec(steps=steps, batch=4)
    frames = [*train(Experiment(chosen, (ModelSpec("gru", 4),), training))]
    experiment = Experiment(chosen, (ModelSpec(cell.name, 4),), training)
    return Run(experiment, [Frame(frame.step, {cell.name: _as(cell, frame.models["gru"])}, {}) for frame in frames])


def _as(cell: Cell, of: ModelFrame) -> ModelFrame:
    blocks = len(cell.blocks)
    rows = {name: weight[: len(weight) // 3 * blocks] for name, weight in of.weights.items() if "recurrent" in name}
    return of.replace(
        trace={name: of.trace[_FROM[name]] for name in cell.variables},
        weights=rows | {name: weight for name, weight in of.weights.items() if "recurrent" not in name},
        singular_values=of.singular_values[:, :, :blocks],
    )


def taken_apart(spec: ModelSpec, run: Run) -> dict[str, np.ndarray]:
    """What a worker would answer to `questions.ANATOMY_STEP` of the first probe."""
    trace = {
        name: values[0, 0, :, 0].astype(np.float64) for name, values in run.frames[-1].models[spec.cell].trace.items()
    }
    before = np.concatenate([np.zeros((1, spec.hidden)), trace["hidden"][:-1]])
    x = run.experiment.task.probes().batch.inputs[:, 0].astype(np.float64)
    return trace | {"x": x, "before": before, "read": trace["hidden"], "answers": np.zeros((1, 1))}
