"""Fields of a spec: what they accept, how they say no, and how they are written and read."""

import dataclasses
import math
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core import fields
from rnnviz.core.errors import LONGEST_SHOWN, ExperimentError, TextNeeded, Words, shown
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import TASKS
from tests.support.strategies import values


@dataclasses.dataclass(frozen=True)
class Spec:
    size: int = fields.whole(5, 1, 10, "How large", "units")
    rate: float = fields.real(0.5, 0.0, 1.0, "How fast")
    bound: float | None = fields.real(None, -1.0, 1.0, "How far", optional=True)
    kind: str = fields.choice("a", ("a", "b"), "Which")
    both: bool = fields.flag(False, "Both ways")
    said: str = fields.text("", 10, "What")

    def __post_init__(self) -> None:
        fields.validate(self)


MEANINGS = {meaning.name: meaning for meaning in fields.describe(Spec)}
EVERY = [m for kind in (Spec, ModelSpec, TrainingSpec, *TASKS.values()) for m in fields.describe(kind)]


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("size", 3.0, 3),
        ("size", np.int64(3), 3),
        ("size", np.float64(3), 3),
        ("rate", 1, 1.0),
        ("rate", np.float64(0.25), 0.25),
        ("rate", Fraction(1, 4), 0.25),
        ("bound", None, None),
        ("bound", -0.0, 0.0),
        ("both", True, True),
        ("said", "", ""),
    ],
)
def test_values_are_kept_in_their_canonical_type(name: str, given: Any, kept: Any) -> None:
    value = getattr(Spec(**{name: given}), name)
    assert (value, type(value)) == (kept, type(kept))
    assert str(value) == str(kept), "minus zero is written like zero"


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("size", 0, "size must be a whole number from 1 to 10 units; got 0."),
        ("size", True, "size must be a whole number from 1 to 10 units; got True."),
        ("size", "3", "size must be a whole number from 1 to 10 units; got '3'."),
        ("size", None, "size must be a whole number from 1 to 10 units; got None."),
        ("size", 2.5, "size must be a whole number from 1 to 10 units; got 2.5."),
        ("size", math.inf, "size must be a whole number from 1 to 10 units; got inf."),
        pytest.param(
            "size", 10**5000, "size must be a whole number from 1 to 10 units; got a very long int.", id="huge"
        ),
        ("rate", math.nan, "rate must be a number from 0 to 1; got nan."),
        ("rate", 1j, "rate must be a number from 0 to 1; got 1j."),
        ("rate", False, "rate must be a number from 0 to 1; got False."),
        ("bound", 2, "bound must be a number from -1 to 1, or none; got 2."),
        ("kind", "c", "kind must be one of a, b; got 'c'."),
        ("kind", ["a"], "kind must be one of a, b; got ['a']."),
        ("kind", "", "kind must be one of a, b; got an empty text."),
        ("both", 1, "both must be true or false; got 1."),
        ("said", "x" * 11, "said must be a text of at most 10 characters; got 11 characters."),
        ("said", b"x", "said must be a text of at most 10 characters; got b'x'."),
    ],
)
def test_what_is_refused_is_refused_in_one_sentence(name: str, given: Any, said: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Spec(**{name: given})
    assert (str(caught.value), caught.value.field) == (said, name)


@pytest.mark.parametrize("meaning", EVERY, ids=lambda m: m.name)
def test_every_field_says_what_it_is(meaning: fields.Meaning) -> None:
    assert meaning.help
    assert meaning.help[0].isupper()
    assert not meaning.help.endswith(".")
    assert fields.allowed(meaning)
    if meaning.kind in ("whole", "real"):
        assert meaning.low < meaning.high
        assert meaning.default is None or meaning.low <= meaning.default <= meaning.high


@given(st.data())
def test_what_is_written_is_read_back_exactly(data: st.DataObject) -> None:
    meaning = data.draw(st.sampled_from(EVERY))
    value = data.draw(values(meaning))
    assert fields.parse(meaning, fields.write(value)) == value


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("size", "1_0"),
        ("size", " 3"),
        ("size", "٣"),
        ("size", "3.0"),
        ("size", "0x3"),
        ("size", "9" * 5000),
        ("rate", "0,5"),
        ("rate", "0.5\n"),
        ("rate", "1_0"),
        ("rate", "none"),
        ("rate", "½"),
        ("both", "yes"),
        ("both", ""),
    ],
)
def test_what_stands_for_no_value_is_not_read(name: str, written: str) -> None:
    with pytest.raises(ExperimentError, match=f"^{name} must be "):
        fields.parse(MEANINGS[name], written)


def test_make_names_unknown_fields_and_those_it_knows() -> None:
    with pytest.raises(ExperimentError) as caught:
        fields.make(Spec, {"sise": 3}, "spec")
    assert caught.value.field == "spec.sise"
    assert "known here: size, rate, bound, kind, both, said" in str(caught.value)
    with pytest.raises(ExperimentError, match=r"^spec\.size must be"):
        fields.make(Spec, {"size": 30}, "spec")


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "value",
    ["a\nb", "\u202egnp.exe", "\ud800", "x" * 10**7, ["x"] * 10**6, 10**5000, Unspeakable(), Words("a\tb" * 99), {}],
    ids=lambda value: type(value).__name__,
)
def test_whatever_came_is_shown_short_and_printable(value: object) -> None:
    assert shown(value).isprintable()
    assert 0 < len(shown(value)) <= LONGEST_SHOWN


def test_an_error_crosses_a_pipe_with_its_words() -> None:
    deep = ExperimentError("lr", "small", lambda: None).inside("training")
    for error in (deep, ExperimentError("text", "short", "x" * 10**7), TextNeeded("0123456789abcdef")):
        packed = pickle.dumps(error)
        back = pickle.loads(packed)
        assert len(packed) < 500
        assert (type(back), str(back), back.field) == (type(error), str(error), error.field)
    assert pickle.loads(pickle.dumps(TextNeeded("0123456789abcdef"))).digest == "0123456789abcdef"


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (Words(f"one column, which begins “{'a' * 60}”"), f"one column, which begins “{'a' * 32}…”."),
        (Words("one column, which begins “a”"), "one column, which begins “a”."),
        (Words(f"the columns {'a, ' * 30}"), f"the columns {'a, ' * 15}a,… and more."),
        ("a" * 80, f"'{'a' * 57}…'."),
    ],
    ids=["cut in a quotation", "whole", "cut elsewhere", "a text"],
)
def test_what_is_cut_ends_as_a_sentence_does(came: str, said: str) -> None:
    error = ExperimentError("table", "a file", came)
    assert str(error) == f"table must be a file; got {said}"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
