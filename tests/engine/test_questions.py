"""Every question names the function that its types come from."""

from typing import Any

import pytest

from rnnviz.engine import questions
from rnnviz.engine.answering import named
from rnnviz.engine.questions import EVERY, Call, Question


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.function)
def test_a_question_names_the_function_whose_types_it_has(
    question: Question[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = question.function.partition(":")[0]
    monkeypatch.setattr(questions, module.rpartition(".")[2], __import__(module, fromlist=["*"]), raising=False)
    assert question.like() is named(question.function)


def test_a_question_carries_its_arguments() -> None:
    assert questions.VERSIONS() == Call("rnnviz.nn.questions:versions", (), {})
    assert questions.BEAM_SEARCH(1, 2, 3, codes=4, width=5).named == {"codes": 4, "width": 5}  # type: ignore[arg-type]
