"""What every model remembers: its states on one sequence, at any moment of training."""

from pages._ui.frame.registry import PageSpec
from pages._ui.live import stage
from pages._ui.run import words


def show() -> None:
    """Draw the page."""
    stage.board("stage", main=("pictures",), stage=True)
    words.intro("states")
    stage.board("more", main=("findings",))
    words.lesson("states")


PAGE = PageSpec("states", "States", order=4)

if __name__ == "__main__":
    show()
