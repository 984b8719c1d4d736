"""What every model remembers: its states on one sequence, at any moment of training."""

from pages._ui.frame.registry import PageSpec
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.run.shown import draw_shown
from pages._ui.states import knows, texts
from rnnviz.tasks import Task


def show() -> None:
    """Draw the page."""
    stage.board("stage", main=("pictures",), stage=True)
    words.intro("states", knows.pointer())
    stage.board("more", main=("findings",))
    draw_shown(knows.show, knows.empty)
    draw_shown(texts.show)
    words.lesson("states")


def _reports_of(task: Task) -> bool:
    return knows.fits(task) or texts.fits(task)


PAGE = PageSpec("states", "States", order=4, reports=True, reports_of=_reports_of)

if __name__ == "__main__":
    show()
