"""The experiment's networks unrolled in time: which shape they have, what flows through them, what all steps share."""

from pages._ui.architectures import shapes, sharing, writing
from pages._ui.frame.registry import PageSpec
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.run.shown import draw_shown
from pages._ui.session.state import get_state
from rnnviz.runs.continuation import writes


def show() -> None:
    """Draw the page."""
    stage.board("stage", main=("architectures",), stage=True)
    if sharing.applies():
        draw_shown(sharing.draw)
    words.intro("architectures")
    if writes(get_state().experiment.task):
        writing.show()
        draw_shown(writing.draw)
    shapes.show()
    words.lesson("architectures")


PAGE = PageSpec("architectures", "Architectures", order=2, reports=True)

if __name__ == "__main__":
    show()
