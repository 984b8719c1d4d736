"""What the first visitor of the Attention page would wait for."""

from pages._ui.attention import pictures
from pages._ui.run import sequence_input
from pages._ui.run.shown import Shown
from rnnviz.experiment import task
from rnnviz.tasks.translating import Translating


def warm(shown: Shown) -> None:
    """The structure of what is shown first; its own run is left to be loaded, as that takes 34 MB."""
    chosen = task("dates")
    assert isinstance(chosen, Translating)
    _ = pictures.heatmap(chosen, sequence_input.of_probe(chosen, 0), None).spec
