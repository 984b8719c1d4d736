"""Pairs of one's own: tables that anyone may have written."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core import limits
from rnnviz.core.contents import Exact
from rnnviz.core.errors import ExperimentError
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.planning import planned_steps
from rnnviz.tasks.pairs import cleaned, numbers
from rnnviz.tasks.pairs.csv_table import parsed
from tests.support.effort import Lines
from tests.support.tasks import task


def rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in parsed(cleaned(text))]


def numbered(count: int, line: str = "row {0},zeile {0}\n") -> str:
    return "".join(line.format(number) for number in range(count))


@pytest.mark.parametrize(("text", "found"), [
    ("a,b\nc,d", [("a", "b"), ("c", "d")]),
    ("a;b\r\nc;d\r\n", [("a", "b"), ("c", "d")]),
    ("a\tb\rc\td", [("a", "b"), ("c", "d")]),
    ("\ufeffa,b", [("a", "b")]),
    ("input,output\na,b", [("a", "b")]),
    ("Input;Output\na;b", [("a", "b")]),
    ('"a, b",c', [("a, b", "c")]),
    ('"a ""quoted"" b";c', [('a "quoted" b', "c")]),
    ('"two\nlines",c', [("two lines", "c")]),
    ("1,5;2,5\n3,5;4,5", [("1,5", "2,5"), ("3,5", "4,5")]),
    ("well, yes\toh, no", [("well, yes", "oh, no")]),
    ("a,b\n\n  \n,\nc,d", [("a", "b"), ("c", "d")]),
    ("a,\nb,c\n,d", [("a", ""), ("b", "c"), ("", "d")]),
    ("a,b,c\nd,e,f", [("a", "b"), ("d", "e")]),
    (" a  b , c\u00a0d ", [("a b", "c d")]),
    ("e\u0301te\u0301,x", [("été", "x")]),
    ("q\u0308,x", [("q\u0308", "x")]),  # there is no such letter in one piece
    ("שלום,hello\nمرحبا,hi", [("שלום", "hello"), ("مرحبا", "hi")]),
    ("\u202eabc\u202c,a\u200db\0c", [("abc", "abc")]),
    ("1,5;zwei\n2,5;drei", [("1,5", "zwei"), ("2,5", "drei")]),
    ("input,output\ninput,output\na,b", [("a", "b")]),
    ("a;b,c;d", [("a;b", "c;d")]),
    ("a,a\na,a", [("a", "a"), ("a", "a")]),
])  # fmt: skip
def test_tables_as_people_write_them(text: str, found: list[tuple[str, str]]) -> None:
    assert rows(text) == found
    assert cleaned(cleaned(text)) == cleaned(text)


CELLS = st.text(st.characters() | st.sampled_from(list(' ,;\t"\n\r\0\u0301\u202eש')), max_size=12)


@given(table=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), delimiter=st.sampled_from(",;\t"))
def test_cleaning_twice_changes_nothing(table: list[tuple[str, str]], delimiter: str) -> None:
    text = "".join('"' + delimiter.join(c.replace('"', '""') for c in row).replace(delimiter, f'"{delimiter}"') + '"\n'
                   for row in table)  # fmt: skip
    for one in (text, "\n".join(delimiter.join(row) for row in table)):
        try:
            once = cleaned(one)
        except ExperimentError:
            continue
        assert cleaned(once) == once
        assert all(any(row) for row in parsed(once))


@given(text=st.text(max_size=80) | st.text(st.sampled_from(list('ab,;\t"\n ')), max_size=60))
def test_any_text_is_learned_or_refused_in_a_sentence(text: str) -> None:
    try:
        chosen = task("pairs", text=text)
    except ExperimentError as refused:
        assert refused.field == "task.text"
        assert str(refused).isprintable() and str(refused).endswith(".")
        return
    batch = chosen.sample(np.random.default_rng(0), 3)
    assert batch.inputs.shape == (chosen.input_steps, 3)
    for name, read, written in chosen.examples():
        assert name and chosen.spell(chosen.read(read)) == read and written
    assert task("pairs", text=chosen.text) == chosen and task("pairs", text=chosen.text).digest == chosen.digest
    assert chosen.summary.startswith("Learning ")


@pytest.mark.parametrize(("text", "said"), [
    ("one column\nand another", r"text must be two columns, .*; got one column\."),
    ("a,b\nc,d\n\nonly this\ne,f", "got one column in row 4"),
    ("input,output\n", "got no row, or nothing but a header"),
    ("\n \n", "got no row, or nothing but a header"),
    ("\0\0", "got no row, or nothing but a header"),
    ('a,b\n"never closed,c\nd,e', "got a cell too long, or an open quote, in row 2"),
    ('a,b\n"' + "x,\n" * 100_000, "got a cell too long, or an open quote, in row 2"),
    ("a,\n,b", "two sides have 1 to 60 characters; got none among 2 rows"),
    ("x" * 10_000 + ",b", "two sides have 1 to 60 characters; got none among 1 row"),
    ("a" * 140_000 + ",b\nc,d\n", "got a cell too long, or an open quote, in row 1"),
    ("a,\n" * 660_000, "two sides have 1 to 60 characters; got none among 200,000 rows"),
    ("a" * (limits.LONGEST_TEXT + 1), "a text of at most 2,000,000 characters; got 2,000,001 characters"),
])  # fmt: skip
def test_what_cannot_be_learned_is_refused_by_row(text: str, said: str) -> None:
    with pytest.raises(ExperimentError, match=said) as refused:
        task("pairs", text=text)
    assert refused.value.field == "task.text"


@pytest.mark.parametrize(("text", "said"), [
    (numbered(1), "Learning 1 of 1 row. They are too few to keep some for the score."),
    (numbered(30), "Learning 30 of 30 rows."),
    (numbered(30) + "a,\n,b\n" + "x" * 61 + ",y",
     "Learning 30 of 33 rows; left out: 2 because a side is empty, 1 because a side is longer than 60 characters."),
    (numbered(30) + "x" * 10_000 + ",y\n", "Learning 30 of 31 rows; left out: 1 because a side is longer"),
])  # fmt: skip
def test_what_is_used_and_what_is_not_is_said(text: str, said: str) -> None:
    chosen = task("pairs", text=text)
    assert chosen.summary.startswith(said)
    assert task("pairs", text=chosen.text).summary == chosen.summary  # after a link and back


@pytest.mark.slow
@pytest.mark.parametrize(("text", "used", "said"), [
    ('a,"b"\n' * 330_000, 200_000, "Too long: its first 200,000 rows are used."),
    ("aaaaaa;\tb\n" * 199_999, 166_666, "Too long: its first 166,666 rows are used."),  # with quotes
    ("rot,red\n" * 300_000, 200_000, "Too long: its beginning is used. Too long: its first 200,000 rows are used."),
])  # fmt: skip
def test_of_a_table_that_is_too_long_the_beginning_is_learned(text: str, used: int, said: str) -> None:
    chosen = task("pairs", text=text)
    assert chosen.summary.endswith(said) and f" of {used:,} rows" in chosen.summary
    assert task("pairs", text=chosen.text) == chosen


@pytest.mark.parametrize(("first", "others", "shown"), [
    ("deutsch,english", numbered(30), "deutsch → english"),
    ("Satz auf Deutsch,its translation", numbered(30), "Satz auf Deutsch → its translation"),
    ("<b>,*c*", numbered(30), "<b> → *c*"),
    ("x" * 60 + ",y", numbered(30), "x" * 39 + "… → y"),
    ("German,English", numbered(30, "r{0},z{0}\n"), "German → English"),  # a list of words, but usual names
    ("r,z", numbered(30, "r{0},z{0}\n"), ""),  # in a list of words every row is like that
    ("zero,null", numbers.text(), ""),
    ("Row!,x", numbered(30), ""),
    ("x,the Zeile", numbered(30), ""),
    ("deutsch,english", "", ""),
    ("deutsch," + "x" * 61, numbered(30), ""),  # not used
    ("row,zeile\ndeutsch,english", numbered(30), ""),  # not the first
])  # fmt: skip
def test_a_first_row_that_may_name_the_columns_is_said_and_is_no_example(first: str, others: str, shown: str) -> None:
    chosen = task("pairs", text=Exact(first + "\n" + others))  # as a link or a file has it
    said = f"The first row is “{shown}”; if it names the columns, remove it."
    assert chosen.summary.endswith(said) if shown else "The first row" not in chosen.summary
    names, read, _ = zip(*chosen.examples(), strict=True)
    assert names[0] == "a row of middle length"
    assert not shown or first.split(",")[0] not in read
    assert chosen.examples() == task("pairs", text=chosen.text).examples()


def test_a_row_of_middle_length_stands_in_for_a_header() -> None:
    text = "deutsch,english\n" + "".join(f"row {'x' * (number % 30)} {number},zeile {number}\n" for number in range(90))
    chosen = task("pairs", text=text)
    lengths = sorted(len(row.read) for row in parsed(chosen.text))
    assert abs(len(chosen.examples()[0][1]) - lengths[45]) <= 1
    assert len({read for _, read, _ in chosen.examples()}) == 3


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_read_once() -> None:
    chosen = task("pairs", text=numbered(100_000, "r{0},z{0}\n"))
    assert chosen.summary == (
        "Learning 50,000 of 100,000 rows; left out: 50,000 because only the first 50,000 are used."
    )
    with Lines() as lines:
        for _ in range(2):
            task("pairs", text=chosen.text).sample(np.random.default_rng(0), 32)
    assert lines.count < 10_000


def test_twice_as_many_rows_are_twice_the_work() -> None:
    counts = []
    for rows in (1_000, 2_000):
        with Lines() as lines:
            task("pairs", text=numbered(rows, "once {0},einmal {0}\n")).held_out()
        counts.append(lines.count)
    assert rows < counts[1] < 2.1 * counts[0]


def test_in_a_table_with_too_many_symbols_what_is_rare_is_one() -> None:
    text = "".join(f"{chr(0x4E00 + i)}a,{chr(0x5E00 + i)}b\n" for i in range(400))
    chosen = task("pairs", text=text)
    assert chosen.input_size == limits.LARGEST_VOCABULARY == chosen.output_size - 1
    assert chosen.symbols[-1] == chosen.written_symbols[-1] == "□"
    assert "the 127 most frequent characters are told apart, 274 others are □" in chosen.summary
    assert chosen.spell(chosen.read("ж" + "a")) == "□a"
    assert "□b" in {chosen.write(one) for one in chosen.sample(np.random.default_rng(0), 50).targets.T}


@pytest.mark.parametrize(("count", "said"), [
    (limits.LARGEST_WORDS, ""),
    (limits.LARGEST_WORDS + 1,
     " In the first column the 511 most frequent words are told apart, 2 others are □."
     " In the second column the 511 most frequent words are told apart, 2 others are □."),
])  # fmt: skip
def test_more_words_are_told_apart_than_characters(count: int, said: str) -> None:
    assert count > limits.LARGEST_VOCABULARY
    chosen = task("pairs", text=numbered(count, "r{0},z{0}\n"), unit="words")
    assert chosen.input_size == len(chosen.written_symbols) == limits.LARGEST_WORDS
    assert chosen.summary == f"Learning {count} of {count} rows.{said}"
    assert chosen.spell(chosen.read("r7")) == "r7"
    assert ("□" in chosen.symbols) == bool(said) == ("□" in chosen.classes)


def test_with_as_many_words_as_are_told_apart_the_default_experiment_keeps_enough_frames() -> None:
    text = numbered(2_000, "r{0} " + "r " * 59 + ",z{0} " + "z " * 59 + "\n")
    chosen = task("pairs", text=text, unit="words")
    assert chosen.input_size == limits.LARGEST_WORDS and chosen.input_steps == limits.LONGEST_PAIR_SIDE
    assert len(planned_steps(Experiment(task=chosen))) >= 2 * limits.FEWEST_FRAMES


def test_words_are_read_one_by_one() -> None:
    chosen = task("pairs", text=numbered(30, "the row {0},die zeile {0}\n"), unit="words")
    assert chosen.input_steps == 3 and chosen.output_steps == 4
    assert "row" in chosen.symbols and "zeile" in chosen.written_symbols
    assert chosen.right(chosen.read("the  row 7")) == "die zeile 7"


def test_rows_with_a_word_that_is_too_long_are_left_out() -> None:
    text = numbered(30) + "a " + "x" * 61 + ",b\na," + "y" * 100_000 + "\n" + "x" * 60 + ",b\n"
    chosen = task("pairs", text=text, unit="words")
    assert chosen.summary == "Learning 31 of 33 rows; left out: 2 because a word is longer than 60 characters."
    assert chosen.probes().tokens.nbytes < 100_000
    with pytest.raises(ExperimentError, match="1 to 60 words of at most 60 characters; got none among 1 row"):
        task("pairs", text="x" * 61 + ",b", unit="words")


@pytest.mark.slow
def test_as_many_rows_as_are_allowed() -> None:
    assert "of 200,000 rows" in task("pairs", text="a,b\n" * limits.MOST_PAIR_ROWS).summary


@pytest.mark.parametrize(("count", "new"), [(1, False), (19, False), (20, True), (30, True), (500, True)])
def test_a_tenth_of_the_inputs_is_held_out_if_there_are_twenty(count: int, new: bool) -> None:
    chosen = task("pairs", text=numbered(count))
    assert chosen.held_out_is_new == new
    held_out = {chosen.spell(one) for one in chosen.held_out().inputs.T}
    trained = {chosen.spell(one) for one in chosen.sample(np.random.default_rng(0), 5_000).inputs.T}
    assert len(held_out) == (min(128, count // 10) if new else count)
    assert not held_out & trained if new else held_out == trained


def test_rows_with_the_same_input_are_trained_on_or_held_out_together() -> None:
    chosen = task("pairs", text=numbered(40, "r{0},a{0}\nr{0},b{0}\n"))
    held_out = {chosen.spell(one) for one in chosen.held_out().inputs.T}
    trained = {chosen.spell(one) for one in chosen.sample(np.random.default_rng(0), 5_000).inputs.T}
    assert len(held_out) == 4 and not held_out & trained
    assert chosen.right(chosen.read("r7")) == ""  # both are right


def test_what_is_learned_without_a_table() -> None:
    chosen = task("pairs")
    assert chosen.text == "" and chosen.summary == "Learning 100 of 100 rows."
    assert chosen.examples()[0] == ("a row of middle length", "sixty-five", "fünfundsechzig")
    assert cleaned(numbers.text()) == numbers.text() == chosen.learned
    known = {0: "null", 1: "eins", 16: "sechzehn", 17: "siebzehn", 21: "einundzwanzig", 30: "dreißig"}
    known |= {66: "sechsundsechzig", 77: "siebenundsiebzig", 80: "achtzig"}
    for number, one in known.items():
        assert numbers.german(number) == one
    assert numbers.english(42) == "forty-two" and numbers.english(90) == "ninety"
    assert chosen.right(chosen.read("forty-two")) == "zweiundvierzig"


def test_hostile_accents_are_not_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes time that grows with the square of their number."""
    composed, compose = [], unicodedata.normalize
    text = numbered(20) + "e\u0301,b\n" + ("a" + "\u0301\u0327" * 900 + ",b\n") * 500
    with monkeypatch.context() as patch:  # the test runner composes what it prints
        patch.setattr(unicodedata, "normalize", lambda form, text: composed.append(len(text)) or compose(form, text))
        summary = task("pairs", text=text).summary
    assert summary.startswith("Learning 21 of 521 rows")
    assert max(composed) == len("e\u0301")
