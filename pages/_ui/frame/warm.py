"""What the first visitor would wait for, done before they come."""

import gc
import logging

from pages._ui.anatomy import cut
from pages._ui.anatomy import sequence as anatomy_sequence
from pages._ui.attention import pictures
from pages._ui.gradients import drawings as gradients_drawings
from pages._ui.gradients import laboratory
from pages._ui.run import drawings, sequence_input, shipped
from pages._ui.run.choices import Choice
from pages._ui.run.live import Shown
from rnnviz.experiment import task
from rnnviz.tasks.translating import Translating

log = logging.getLogger("rnnviz.pages")


def warm_up() -> None:
    """Draw the shipped run, as all of its charts' structures serve every other run.

    Then what lives by now is set aside for good, so that the garbage collector need not look at it again.
    """
    try:
        if (run := shipped.load()) is not None:
            shown = Shown(run, run.frames[-1].step, shipped=True, moving=False)
            draw_all(shown)
            measure(shown)
            take_apart(shown)
        look_back()
    except Exception:  # a server without the shipped run is slower at first, and works
        log.exception("The pages could not be warmed up")
    gc.collect()
    gc.freeze()


def draw_all(shown: Shown) -> None:
    """Every chart of every page, as a visitor sees it first."""
    choice = Choice()
    for draw in (drawings.loss, drawings.score, drawings.grad_norm, drawings.clipped):
        draw(shown)
    for draw_chosen in (drawings.gradient_norm, drawings.both_gradient_norms, drawings.gradient_history):
        draw_chosen(shown, choice)
    for label in shown.run.experiment.labels:
        drawings.states(shown, label, choice)
        drawings.singular_values(shown, label, choice)
        if label != "rnn":
            drawings.gates(shown, label, choice)
            drawings.gate_means(shown, label, choice)


def measure(shown: Shown) -> None:
    """What the gradient laboratory asks first, and its charts; waits until the worker has started.

    Raises:
        EngineError: no answer came.
    """
    choice, labels = Choice(), shown.run.experiment.labels
    laboratory.prefetch(shown, choice.probe)
    for label in labels:
        laboratory.ask_horizons(shown, label, choice.probe)
    known = {label: laboratory.look(shown, label, choice.probe) for label in labels}
    looks = {label: look for label, look in known.items() if look is not None}
    gradients_drawings.lags(shown, looks, choice)
    gradients_drawings.influence(shown, looks, choice)
    for label, look in looks.items():
        gradients_drawings.jacobian_values(shown, label, looks, choice)
        if "cell_jacobian_values" in look.found:
            gradients_drawings.cell_jacobian_values(shown, label, looks, choice)
            gradients_drawings.path_shares(shown, label, look, choice)


def look_back() -> None:
    """The structure of what the Attention page shows first; its run is left to be loaded, as it takes 34 MB."""
    chosen = task("dates")
    assert isinstance(chosen, Translating)
    _ = pictures.heatmap(chosen, sequence_input.of_probe(chosen, 0), None).spec


def take_apart(shown: Shown) -> None:
    """What the Anatomy page asks and draws first.

    Raises:
        EngineError: no answer came.
    """
    sequence = anatomy_sequence.of_probe(shown.run.experiment.task, 0)
    for label in shown.run.experiment.labels:
        found = cut.cut(shown, label, sequence, Choice(), False)
        cut.diagram(found, label, 1, 0, "", "")
        cut.strips(found, label, 1, 0)
