"""The gradient laboratory: how far back the gradient reaches, and what decides that."""

from pages._ui.frame.registry import PageSpec
from pages._ui.gradients import breaking, sections
from pages._ui.gradients.warm import warm
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.run.shown import draw_shown


def show() -> None:
    """Draw the page."""
    stage.board("stage", main=("history",), side=("both_gradients",), stage=True)
    words.intro("gradients")
    stage.board("more", main=("findings",))
    breaking.show()
    draw_shown(sections.show)
    stage.board("whole-steps", main=("norm", "clipped"))
    words.lesson("gradients")


PAGE = PageSpec("gradients", "Gradients", order=6, reports=True, warm=warm)

if __name__ == "__main__":
    show()
