"""What the first visitor would wait for, done before they come."""

import gc
import logging

from pages._ui import drawings, shipped
from pages._ui.choices import Choice
from pages._ui.live import Shown

log = logging.getLogger("rnnviz.pages")


def warm_up() -> None:
    """Draw the shipped run, as all of its charts' structures serve every other run.

    Then what lives by now is set aside for good, so that the garbage collector need not look at it again.
    """
    try:
        run = shipped.load()
        draw_all(Shown(run, run.frames[-1].step, shipped=True, moving=False))
    except Exception:  # a server without the shipped run is slower at first, and works
        log.exception("The pages could not be warmed up")
    gc.collect()
    gc.freeze()


def draw_all(shown: Shown) -> None:
    """Every chart of every page, as a visitor sees it first."""
    choice = Choice()
    for draw in (drawings.loss, drawings.score, drawings.grad_norm):
        draw(shown)
    for draw_chosen in (drawings.gradient_norm, drawings.gradient_history):
        draw_chosen(shown, choice)
    for label in shown.run.experiment.labels:
        drawings.states(shown, label, choice)
        drawings.singular_values(shown, label, choice)
        if label != "rnn":
            drawings.gates(shown, label, choice)
            drawings.gate_means(shown, label, choice)
