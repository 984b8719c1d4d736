"""What the gates do: when they open, when they shut, and on what."""

from pages._ui.frame.registry import PageSpec
from pages._ui.gates import sections
from pages._ui.live import stage
from pages._ui.run import words


def show() -> None:
    """Draw the page."""
    stage.board("stage", main=("pictures",), stage=True)
    words.intro("gates")
    stage.board("more", main=("note", "findings"))
    sections.show()
    words.lesson("gates")


PAGE = PageSpec("gates", "Gates", order=5, reports=True, reports_of=sections.fits)

if __name__ == "__main__":
    show()
