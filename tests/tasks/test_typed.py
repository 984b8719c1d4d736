"""What is typed for any task: read, answered rightly, or refused by name."""

import numpy as np
import pytest

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.shapes import Symbols
from rnnviz.tasks.traffic.simulation import STEPS
from rnnviz.tasks.traffic.typing import clock
from tests.support.tasks import task
from tests.tasks.every import STEPWISE, TEXTS, every_task


@every_task
@pytest.mark.parametrize("sample", [0, 1, 2])
def test_a_probe_typed_again_is_that_probe(chosen: Task, sample: int) -> None:
    inputs = chosen.probes().batch.inputs[:, sample]
    if chosen.answers.name == "sequence":
        if not chosen.reads_text:  # type: ignore[attr-defined]  # which shapes a drawing is made of cannot be told
            return
        np.testing.assert_array_equal(chosen.read(chosen.spell(inputs)), inputs[inputs != PAD])  # type: ignore[attr-defined]
        return
    typed, tokens = chosen.encode(chosen.written(inputs))
    steps = chosen.probes().batch.lengths[sample]
    inputs, shape, dtype = inputs[:steps], (steps, 1, chosen.input_size), np.float32
    if isinstance(chosen.reads, Symbols):
        shape, dtype = (steps, 1), np.int64  # type: ignore[assignment]
    assert typed.shape == shape and typed.dtype == dtype
    assert len(tokens) == steps and all(token.isprintable() and token for token in tokens)
    if chosen.answers.as_curve or chosen.name == "throws":  # numbers are rounded where they are written
        np.testing.assert_allclose(typed[:, 0], inputs, atol=5.1e-4)
    else:
        np.testing.assert_array_equal(typed[:, 0], inputs)


@every_task
@pytest.mark.parametrize("sample", [0, 1, 2])
def test_a_probe_is_solved_like_any_other_sequence(chosen: Task, sample: int) -> None:
    probes = chosen.probes()
    asked, solved = chosen.asked(sample), chosen.solved(probes.batch.inputs[:, sample])
    if chosen.foretells or chosen.name in ("motion", "captions"):
        assert not solved  # what was seen leaves it open, or does not say by itself what was drawn
        return
    beyond = chosen.predicts_next  # the last answer comes after the sequence
    assert len(solved) == len(asked)
    assert solved == ((*asked[:-1], "") if beyond else asked)


@pytest.mark.parametrize(
    ("name", "text", "answers"),
    [
        ("adding", "0.1*, 0.5, 0.7*", ("0.80",)),
        ("adding", "0.1*, 0.5, 0.7", ()),
        ("adding", "0.1*, 0.5*, 0.7*", ()),
        ("recall", "Cabab", ("C",)),
        ("recall", "abab", ()),
        ("recall", "CabA", ()),
        ("brackets", "(a(b)", ("1", "1", "2", "2", "1")),
        ("brackets", "())", ()),
        ("brackets", "(((((((", ()),
        ("waves", "0.5, 0.25", ("0.25", "")),
        ("text", "ab", ("b", "")),
        ("learners", "A+A+, B- A−", ("A+", "B−", "A−", "")),
        ("forecast", "06-01:20/10/0/3 21.5 18/9", ("21.5", "18.0", "")),
        ("sentiment", "not a good film, though the music was lovely", ("negative",)),
        ("sentiment", "a purple film", ()),
        ("tagging", "apple, it produces electronics", ("COMPANY", "OTHER", "OTHER", "VERB", "NOUN")),
    ],
)
def test_what_is_typed_has_a_right_answer_where_the_task_asks_one(
    name: str, text: str, answers: tuple[str, ...]
) -> None:
    chosen = task(name)
    assert chosen.solved(chosen.encode(text)[0][:, 0]) == answers


@pytest.mark.parametrize("name", STEPWISE)
def test_a_sequence_of_ones_own_may_be_of_any_length_up_to_the_limit(name: str) -> None:
    chosen = task(name)
    once = chosen.written(chosen.probes().batch.inputs[:1, 0])
    words = isinstance(chosen.reads, Symbols)
    between = ", " if chosen.name == "throws" else " " if words or chosen.answers.of.is_number else ""
    longest = STEPS if chosen.name == "traffic" else limits.LONGEST_SEQUENCE  # a day has no more
    for length in (1, longest):
        many = " ".join(map(clock, range(STEPS))) if length == STEPS else between.join([once] * length)
        typed, tokens = chosen.encode(many)
        assert typed.shape == ((length, 1) if words else (length, 1, chosen.input_size)) and len(tokens) == length
    with pytest.raises(ExperimentError, match=f"input must be 1 to {limits.LONGEST_SEQUENCE} .*; got 401"):
        chosen.encode(between.join([once] * (limits.LONGEST_SEQUENCE + 1)))
    with pytest.raises(ExperimentError, match="got none"):
        chosen.encode("")


@every_task
def test_what_is_far_too_long_to_be_read_is_refused_by_its_length(chosen: Task) -> None:
    text = "a" * (limits.LONGEST_TYPED + 1)
    with pytest.raises(ExperimentError, match=r"input must be at most .* characters long; got 1,000,001 characters"):
        chosen.read(text) if chosen.answers.name == "sequence" else chosen.encode(text)  # type: ignore[attr-defined]


@every_task
def test_a_text_that_would_take_long_to_compose_does_not(chosen: Task) -> None:
    text = "a" + "\u0301\u0327" * (limits.LONGEST_TYPED // 2 - 1)
    try:
        chosen.read(text) if chosen.answers.name == "sequence" else chosen.encode(text)  # type: ignore[attr-defined]
    except ExperimentError as refused:
        assert refused.field == "input"


@pytest.mark.parametrize("name", TEXTS)
def test_an_input_of_ones_own_may_be_of_any_length_up_to_twice_the_longest(name: str) -> None:
    chosen = task(name)
    once = chosen.symbols[-1]
    for length in (1, chosen.longest_read):
        assert chosen.read(chosen.between.join([once] * length)).shape == (length,)
    with pytest.raises(ExperimentError, match=f"input must be 1 to {chosen.longest_read} .*; got {length + 1}"):
        chosen.read(chosen.between.join([once] * (length + 1)))
    for nothing in ("", "  "):
        with pytest.raises(ExperimentError, match="got none"):
            chosen.read(nothing)


@pytest.mark.parametrize(("name", "text", "said"), [
    ("adding", "0.3 x", "numbers from −10 to 10, with . behind those that are marked; got 'x'"),
    ("adding", "0.3 nan", "got 'nan'"),
    ("adding", "11*", r"got '11\*'"),
    ("adding", "0.1**", r"got '0.1\*\*'"),
    ("adding", "*", r"got '\*'"),
    ("adding", "0.3 1_0", "got '1_0'"),
    ("waves", "٣", "got '٣'"),
    ("waves", "0.3; 0.4", "got '0.3;'"),
    ("waves", "0.3*", r"got '0.3\*'"),
    ("waves", "1e99", "got '1e99'"),
    ("forecast", "06-31:20", "dates such as 01-01 before the colon; got '06-31'"),
    ("forecast", "20/1/2/3/4", "at most 4 with / between for each time step; got '20/1/2/3/4'"),
    ("forecast", "20 warm", "got 'warm'"),
    ("forecast", "20 1e9", "numbers as they come in the series, roughly; got '1e9'"),
    ("recall", "Aéb", "capital letters A to H and small letters a to h; got 'é'"),
    ("brackets", "(x)", r"the symbols \( \) a b c; got 'x'"),
    ("text", "ä", "characters of the text that is learned; got 'ä'"),
    ("dates", "14. я@", "letters, digits and signs of the dates that are read; got '@'"),
    ("reverse", "abz", "the letters a to j; got 'z'"),
    ("sort", "ab1", "the letters a to j; got '1'"),
    ("phrases", "ich mag brot", "made of words of the sentences, such as .*; got 'mag', 'brot'"),
    ("sentiment", "?!", "1 to 400 words; got none"),
    ("tagging", "...", "1 to 400 words; got none"),
    ("pairs", "forty!", "characters of the first column; got '!'"),
    ("learners", "A+ F+", "skills A to E, .*; got 'F.'"),
    ("learners", "A+ B", "skills A to E, .*; got 'B'"),
    ("learners", "A+ +", "skills A to E, .*; got '.'"),
])  # fmt: skip
def test_what_a_task_cannot_read_is_named(name: str, text: str, said: str) -> None:
    chosen = task(name)
    with pytest.raises(ExperimentError, match=said) as refused:
        chosen.read(text) if chosen.answers.name == "sequence" else chosen.encode(text)
    assert refused.value.field == "input"


def test_spaces_part_what_is_typed_and_marks_may_stand_apart() -> None:
    assert task("adding").encode("0.3, 0.8 *  −1")[1] == ("0.3", "0.8*", "-1")
    assert task("recall").encode(" A b, c ")[1] == ("A", "b", "c")
    assert task("text").encode("a ↵")[1] == ("a", "␣", "↵")


def test_in_a_text_with_too_many_characters_what_is_rare_is_one_symbol() -> None:
    many = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 2 * limits.LARGEST_VOCABULARY))
    chosen = task("text", corpus="own", text=many + many[:20])
    assert chosen.encode("x" + many[0])[1] == ("□", many[0])
