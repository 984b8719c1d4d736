"""Type a sentence: the candidates of every model for the next word, while one types."""

from typing import Any

import numpy as np
import streamlit as st

from pages._ui.live import stage
from pages._ui.run import model_answers
from pages._ui.run.shown import Shown
from rnnviz.charts.theme import style_of
from rnnviz.core.errors import ExperimentError
from rnnviz.core.names import listed
from rnnviz.engine import EngineError, questions
from rnnviz.tasks import Task
from rnnviz.tasks.abilities import Suggests

CANDIDATES = 3  # as the keyboard of a phone shows them
_EXAMPLE = 4  # words
WHO_KNOWS = "Who knows the grammar"


def fits(task: Task) -> bool:
    """Whether a task suggests words."""
    return isinstance(task, Suggests)


def show(shown: Shown) -> None:
    """The section."""
    st.markdown("### Type a sentence")
    stage.typing("typing", lambda text: {"example": _example(shown.run.experiment.task)} | _told(shown, text))
    st.caption(
        f"Suggested after {shown.step:,} training steps. While a word is typed, the candidates are those that begin "
        "with its letters; a press takes one. Their probabilities are those among all words. The lines below the words "
        "tell of each word: was it the first candidate, one of the three, or none?"
    )


def _example(task: Task) -> str:
    """How a sentence may begin."""
    words = [word for word in task.spelled(0) if word.isalpha()]
    return " ".join(words[:_EXAMPLE])


def _told(shown: Shown, text: str) -> dict[str, Any]:
    """What stands below the field.

    words:     those that are complete, as they were read.
    said:      what is to be known of the text: words that are not known, or why it cannot be read.
    keyboards: of every model its title, colour, candidates with their probabilities, and of each word which candidate
             it was (none of the first is known).
    """
    task = shown.run.experiment.task
    assert isinstance(task, Suggests)
    try:
        complete, letters = task.begun(text)
        inputs, tokens = task.encode(complete)
        found = model_answers.of_all(shown, questions.SUGGEST, inputs)
    except (ExperimentError, EngineError) as error:
        return {"words": [], "said": str(error), "keyboards": []}
    unread = task.unread(complete)
    said = f"Not known, so read as one word for all of these: {listed(unread)}." if unread else ""
    keyboards = [
        {
            "name": shown.run.experiment.title(label),
            "colour": style_of(label).colour,
            "candidates": task.candidates(one.found["next"], letters, CANDIDATES),
            "ranks": one.found["ranks"].tolist(),
        }
        for label, one in found.items()
    ]
    if known := task.known(inputs[:, 0]):
        chances = np.array([known.get(word, 0.0) for word in task.classes])
        best = [one for one in task.candidates(chances, letters, CANDIDATES) if one[1] > 0]
        keyboards.append({"name": WHO_KNOWS, "colour": "", "candidates": best, "ranks": []})
    return {"words": list(tokens), "said": said, "keyboards": keyboards}
