"""What every model remembers: its states on one sequence, at any moment of training."""

from pages._ui.frame.registry import PageSpec
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.run.shown import draw_shown
from pages._ui.states import changes, knows, texts, truth


def show() -> None:
    """Draw the page."""
    stage.board("stage", main=("pictures",), stage=True)
    words.intro("states", knows.pointer())
    stage.board("more", main=("findings",))
    draw_shown(knows.show, knows.empty)
    draw_shown(changes.show, changes.empty)
    draw_shown(truth.show, truth.empty)
    draw_shown(texts.show)
    words.lesson("states")


PAGE = PageSpec("states", "States", order=4, reports=True)

if __name__ == "__main__":
    show()
