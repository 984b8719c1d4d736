"""The introduction speaks of the models of the experiment, and of no other."""

import re

import pytest

from pages._ui.run.introduction import introduction
from rnnviz.cells import CELLS
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import model_name
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import TASKS, task

NEVER_SHARED = "same weights"


@pytest.mark.parametrize("name", TASKS)
def test_only_cells_that_are_there_are_told_of(name: str) -> None:
    experiment = Experiment(task(name))
    said = introduction(experiment)
    used = {cell for spec in experiment.models for cell in spec.cells}
    for cell in CELLS.values():
        assert (f"**{cell.within}** {cell.does}." in said) == (cell.name in used), cell.name
    forms = [label for label in experiment.labels if "-" in label]
    assert all(f"**{model_name(label)}**" in said for label in forms)
    assert (NEVER_SHARED in said) == any(spec.reach is not None for spec in experiment.models)


def test_models_on_places_say_what_they_read_and_second_ones_how_they_differ() -> None:
    films = introduction(Experiment(task("frames")))
    assert "In **ConvLSTM** every place has the same weights and reads itself and its neighbours, 3 × 3 places" in films
    assert "**LSTM** and **LSTM 2** read all 64 places as one list of numbers" in films
    assert "**LSTM** has 1 hidden unit and **LSTM 2** has 64 hidden units." in films
    roads = introduction(Experiment(task("traffic")))
    assert "In **GRU at each place alone** every sensor has the same weights and reads itself alone." in roads
    assert re.search(r"In \*\*DCGRU\*\* every sensor .* up to 2 places away", roads)


def test_who_has_attention_is_named() -> None:
    said = introduction(Experiment(task("captions")))
    assert "**GRU** and **RNN** have attention. **GRU without attention** has no attention." in said


def test_a_single_model_is_told_of_as_one() -> None:
    said = introduction(Experiment(task("adding"), (ModelSpec("gru"),)))
    assert said.startswith("**One model learns a task.") and "RNN" not in said


def test_what_a_lighter_cell_saves_is_counted_at_the_same_size_only() -> None:
    said = introduction(Experiment(task("adding")))
    assert "Here the GRU has 3,489 parameters, 75 % of the 4,641 of the LSTM." in said.replace("\u00a0", " ")
    for models in ((ModelSpec("gru"),), (ModelSpec("gru"), ModelSpec("lstm", hidden=8))):
        assert "parameters" not in introduction(Experiment(task("adding"), models))
