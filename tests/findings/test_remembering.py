"""How long something can be read, in a sentence that is read once."""

import pytest

from rnnviz.analysis.readouts import Span
from rnnviz.findings.remembering import NOWHERE, readable

WORDS = 20
SAID = {
    None: "not readable at any time step.",
    Span(0, 49, True, False): "readable to the end.",
    Span(0, 49, True, True): "readable to the end, with gaps.",
    Span(0, 0, True, False): "readable to the end.",
    Span(0, 0, False, False): "readable only right after it came in, then lost.",
    Span(0, 1, False, False): "readable up to 1 time step after it came in, then lost.",
    Span(0, 4, False, True): "readable up to 4 time steps after it came in, with gaps, then lost.",
    Span(3, 9, True, False): "readable from 3 time steps after it came in to the end.",
    Span(1, 4, False, False): "readable from 1 to 4 time steps after it came in, then lost.",
    Span(2, 2, False, False): "readable only 2 time steps after it came in, then lost.",
}


@pytest.mark.parametrize("span", SAID)
def test_it_is_said_from_when_to_when(span: Span | None) -> None:
    assert readable(span) == SAID[span]


def test_no_sentence_is_long() -> None:
    assert all(len(f"GRU without attention, cell state: {said}".split()) <= WORDS for said in [*SAID.values(), NOWHERE])
