"""What the first visitor of the Attention page would wait for."""

from pages._ui.run.shown import Shown
from rnnviz import live
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import task


def warm(_shown: Shown) -> None:
    """What the stage is told once; its own run is left to be loaded, as that takes 34 MB."""
    live.scene(Experiment(task("dates")), "attention")
