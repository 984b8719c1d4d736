"""All models side by side: how they learn, what they hold, how far back their gradients reach."""

from pages._ui.frame.registry import PageSpec
from pages._ui.live import stage
from pages._ui.run import listening, own_sequence, task_card, words
from pages._ui.run.shown import draw_shown
from pages._ui.session.state import get_state
from pages._ui.words import sections


def show() -> None:
    """Draw the page."""
    few = get_state().experiment.training.sequences is not None  # so that models may learn them by heart
    score = "marked" if get_state().experiment.task.marks else "score"
    stage.board("stage", main=("pictures",), side=(score, "fit" if few else "gradient"), stage=True)
    own_sequence.offer(get_state().experiment.task)
    task_card.show()
    listening.show()
    stage.board("more", main=("findings", "gradient" if few else "loss", "history"))
    draw_shown(sections.show)
    words.lesson("compare")


PAGE = PageSpec("/", "Compare", order=1, reports=True, reports_of=sections.fit)

if __name__ == "__main__":
    show()
