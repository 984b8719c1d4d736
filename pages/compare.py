"""All models side by side: how they learn, what they hold, how far back their gradients reach."""

from pages._ui.frame.registry import PageSpec
from pages._ui.live import stage
from pages._ui.run import task_card, words


def show() -> None:
    """Draw the page."""
    stage.board("stage", main=("pictures",), side=("score", "gradient"), stage=True)
    task_card.show()
    stage.board("more", main=("findings", "loss", "history"))
    words.lesson("compare")


PAGE = PageSpec("/", "Compare", order=1)

if __name__ == "__main__":
    show()
