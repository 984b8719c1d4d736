"""A view travels as a short text; what is none is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.live import View, ViewError
from rnnviz.live.pages import PAGES
from rnnviz.live.view import LONGEST
from rnnviz.specs.experiment import Experiment
from tests.live.runs import experiment

KNOWN = frozenset(PAGES)
STACKED = experiment("adding")  # two layers, both directions
FLAT = experiment("text", models=experiment("waves").models[1:])  # one layer, forward


def parsed(text: str, of: Experiment = STACKED) -> View:
    return View.parse(text, of, KNOWN)


@given(
    st.sampled_from(sorted(PAGES)),
    st.integers(0, len(STACKED.task.probes().names) - 1),
    st.integers(-1, 1),
    st.sampled_from(["forward", "backward"]),
)
def test_every_choice_comes_out_as_it_was_written(page: str, probe: int, layer: int, direction: str) -> None:
    view = View(page, probe, layer, direction)
    assert parsed(view.text) == view and len(view.text) <= LONGEST


def test_what_stands_at_its_default_is_not_said() -> None:
    assert View("compare").text == "compare"
    assert View("states", probe=1, direction="backward").text == "states;probe=1;direction=backward"
    assert parsed("states;layer=-1;probe=0") == View("states")


@pytest.mark.parametrize(("text", "said"), [
    ("", "view must begin with one of"),
    ("nowhere", "got 'nowhere'"),
    ("inspect", "view must begin with one of"),
    (";probe=1", "view must begin with one of"),
    ("compare;", "it has no such choice"),
    ("compare;probe", "probe must be one of"),
    ("compare;probe=", "probe must be one of"),
    ("compare;probe=99", "probe must be one of 0, 1"),
    ("compare;probe=-1", "probe must be one of"),
    ("compare;probe=1.0", "probe must be one of"),
    ("compare;probe=١", "probe must be one of"),
    ("compare;probe= 1", "probe must be one of"),
    ("compare;probe=0x1", "probe must be one of"),
    ("compare;layer=2", "layer must be one of -1, 0, 1"),
    ("compare;layer=-2", "layer must be one of"),
    ("compare;direction=sideways", "direction must be one of forward, backward"),
    ("compare;page=states", "it has no such choice"),
    ("compare;__class__=1", "it has no such choice"),
    ("COMPARE", "view must begin with one of"),
    ("compare;probe=1&layer=0", "probe must be one of"),
    ("compare\0", "view must begin with one of"),
])  # fmt: skip
def test_what_is_no_view_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ViewError, match=said):
        parsed(text)


@pytest.mark.parametrize("text", ["compare;layer=1", "compare;direction=backward"])
def test_what_another_experiment_has_is_not_there(text: str) -> None:
    assert parsed(text)
    with pytest.raises(ViewError):
        parsed(text, FLAT)


@given(st.text(max_size=300) | st.text(";=-compare0123probelayerdirection", max_size=300))
def test_whatever_is_sent_is_a_view_or_refused_in_a_short_sentence(text: str) -> None:
    try:
        view = parsed(text)
    except ViewError as error:
        assert len(str(error)) < 500
    else:
        assert parsed(view.text) == view


def test_a_very_long_text_is_not_repeated() -> None:
    with pytest.raises(ViewError) as refused:
        parsed("x" * 1_000_000)
    assert len(str(refused.value)) < 400
