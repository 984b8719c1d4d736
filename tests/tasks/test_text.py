"""Text: where it comes from, how it is cleaned, what is asked, and what is refused."""

import ast
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.tasks import corpora
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.text import Text
from tests.support.effort import Lines
from tests.support.tasks import task

POEM = "The cat sat on the mat.\nThe dog sat on the log.\n" * 40

any_text = st.text(
    st.characters() | st.sampled_from("\r\n\t \x00\ud800\u200d\u202e\ufeff\u2028é\u0301□😀"), max_size=60
)


def own(text: Any, **params: Any) -> Text:
    return task("text", corpus="own", text=text, **params)


REFUSED = {
    "empty": "",
    "one character": "a",
    "one character, often": "a" * 5000,
    "only spaces": "    ",
    "only spaces and newlines": " \n \n\t",
    "only control characters": "\x00\x01\x02\x7f",
    "one character left": "a\x00\x01",
    "only marks of direction": "\u202e\u202d\u200f\ufeff",
    "halves of pairs": "\ud800\udfff",
    "too long": "ab" * (limits.LONGEST_TEXT // 2) + "c",
    "far too long": "ab" * 5_000_000,
    "a number": 3,
    "nothing": None,
    "bytes": b"hello",
    "a list": ["hello"],
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_refused_in_one_sentence_that_names_the_field(text: object) -> None:
    with pytest.raises(ExperimentError) as refused:
        own(text)
    assert refused.value.field == "task.text"
    message = str(refused.value)
    assert message.startswith("task.text must be ")
    assert message.isprintable()
    assert len(message) < 200


CLEANED = {
    "plain": ("hello world", "hello world"),
    "Windows lines": ("a\r\nb\rc", "a\nb\nc"),
    "all line ends": ("a\vb\fc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
    "all spaces": ("a\u00a0b\u2003c\u3000d", "a b c d"),
    "tab and newline stay": ("a\tb\n", "a\tb\n"),
    "NULs": ("a\x00b\x00", "ab"),
    "escape sequences": ("\x1b[31mred", "[31mred"),
    "byte order mark": ("\ufeffab", "ab"),
    "direction override": ("ab\u202ecd", "abcd"),
    "soft hyphen": ("co\u00adop", "coop"),
    "surrogate half": ("a\ud83db", "ab"),
    "private use": ("a\ue000b", "ab"),
    "HTML is text": ("<b onclick='x()'>&amp;</b>", "<b onclick='x()'>&amp;</b>"),
    "emoji": ("a😀b", "a😀b"),
    "emoji family": ("👨\u200d👩\u200d👧", "👨👩👧"),
    "combining": ("e\u0301a", "e\u0301a"),
    "right to left": ("שלום", "שלום"),
}


@pytest.mark.parametrize(("text", "left"), CLEANED.values(), ids=CLEANED)
def test_cleaned(text: str, left: str) -> None:
    chosen = own(text)
    assert chosen.text == chosen.learned == left
    assert chosen == own(left)
    assert hash(chosen) == hash(own(left))
    assert chosen.digest == own(left).digest == corpora.digest(left)
    assert all(token.isprintable() and token.strip() for token in chosen.classes)
    chosen.sample(np.random.default_rng(0), 3)
    assert chosen.example().replace("\n", "").isprintable()


@given(any_text)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        once = corpora.cleaned(text)
    except ExperimentError:
        return
    assert corpora.cleaned(once) == once
    once.encode()
    assert all(c in "\n\t" or c.isprintable() for c in once)


@given(any_text, st.integers(2, 30))
def test_any_text_is_learned_or_refused(text: str, length: int) -> None:
    try:
        chosen = own(text, length=length)
    except ExperimentError as refused:
        assert refused.field == "task.text"
        return
    batch = chosen.sample(np.random.default_rng(0), 5)
    read = batch.inputs.argmax(-1)
    ring = chosen.learned * (2 + length // len(chosen.learned))
    vocabulary = sorted(set(chosen.learned))
    for sample in range(5):
        window = [*read[:, sample], batch.targets[-1, sample]]
        assert "".join(vocabulary[code] for code in window) in ring
        assert batch.targets[:-1, sample].tolist() == read[1:, sample].tolist()


def test_a_text_without_its_corpus_is_refused() -> None:
    with pytest.raises(ExperimentError) as refused:
        task("text", text="hello world")
    assert refused.value.field == "task.text"


def test_hello() -> None:
    chosen = task("text", corpus="hello", length=12)
    assert chosen.classes == ("e", "h", "l", "o")
    assert chosen.baseline == 40.0  # two l in five letters
    assert not chosen.held_out_is_new
    assert chosen.held_out().inputs.shape[1] == 5
    assert "".join(chosen.probes().tokens[:, 0]) == "hellohellohe"
    assert chosen.example() == "read    h e l l o h e l l o h e\nanswer  e l l o h e l l o h e l"


@pytest.mark.parametrize("corpus", corpora.CORPORA[:-1])
def test_shipped_texts(corpus: str) -> None:
    chosen = task("text", corpus=corpus)
    assert chosen.text == ""
    assert corpora.cleaned(chosen.learned) == chosen.learned
    assert 1 < chosen.input_size <= limits.LARGEST_VOCABULARY
    assert chosen.held_out_is_new == (len(chosen.learned) > 510)
    if corpus.startswith(corpora.PYTHON):
        ast.parse(chosen.learned)


def test_a_python_without_its_sources_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora.importlib.util, "find_spec", lambda name: None)  # type: ignore[attr-defined]
    corpora.shipped.cache_clear()
    chosen = task("text", corpus="python:heapq")
    with pytest.raises(ExperimentError, match="corpus must be one whose text this Python brings along"):
        chosen.sample(np.random.default_rng(0), 1)


def windows(batch: Batch) -> list[str]:
    """Sequences of codes with their last answer, as text: one letter per code."""
    codes = np.concatenate([batch.inputs.argmax(-1), batch.targets[-1:]])
    return ["".join(chr(65 + code) for code in window) for window in codes.T]


def test_the_last_tenth_is_never_trained_on() -> None:
    letters = np.random.default_rng(0).integers(0, 26, 1000)
    text = "".join(chr(65 + letter) for letter in letters)
    chosen = own(text, length=20)
    assert chosen.held_out_is_new
    trained = windows(chosen.sample(np.random.default_rng(1), 20_000))
    assert len(set(trained)) == 900  # every place of the ring
    seen = text[:900] + text[:21]
    assert all(window in seen for window in trained)
    held_out = windows(chosen.held_out())
    assert len(set(held_out)) == 100
    assert not any(window in seen for window in held_out)
    assert all(window in text[900:] + text[900:921] for window in held_out)


@pytest.mark.parametrize("length", [10, 50, 400])
def test_a_short_text_is_scored_on_what_it_trains_on_and_says_so(length: int) -> None:
    chosen = own("ab cd", length=length)
    assert not chosen.held_out_is_new
    assert chosen.probes().names[2] == "the end"
    assert set(windows(chosen.held_out())) == set(windows(chosen.sample(np.random.default_rng(0), 200)))


def test_held_out_begins_where_a_tenth_holds_a_sequence() -> None:
    assert not own("ab" * 254, length=50).held_out_is_new  # 508 characters
    assert own("ab" * 255, length=50).held_out_is_new


def test_probes_begin_at_lines() -> None:
    probes = own(POEM, length=30).probes()
    assert {"".join(probes.tokens[:4, sample]) for sample in range(3)} == {"The␣"}


def test_the_end_of_the_probes_is_held_out() -> None:
    chosen = own("x" * 600 + "y" * 60, length=50)
    assert set(chosen.probes().tokens[:, 2]) == {"y"}


def test_rare_characters_share_one_symbol() -> None:
    common = "".join(chr(0x4E00 + i) * 3 for i in range(150))
    text = common + "".join(chr(0x4E00 + i) for i in range(100)) + "□□□□□"
    chosen = own(text)
    assert chosen.input_size == limits.LARGEST_VOCABULARY
    assert chosen.classes[-1] == "□"
    assert chosen.classes[:100] == tuple(chr(0x4E00 + i) for i in range(100))
    corpus = corpora.prepare(chosen.text)
    back = "".join(corpus.vocabulary[code] for code in corpus.codes)
    kept = set(chosen.classes[:-1])
    assert back == "".join(c if c in kept else "□" for c in text)


def test_as_many_characters_as_allowed_share_nothing() -> None:
    text = "".join(chr(0x4E00 + i) for i in range(limits.LARGEST_VOCABULARY))
    assert own(text).classes == tuple(text)


def test_the_square_itself_is_a_character_like_any_other_in_a_small_text() -> None:
    assert own("a□b").classes == ("a", "b", "□")


def test_shown_characters() -> None:
    assert [corpora.visible(c) for c in " \n\ta<\u0301"] == ["␣", "↵", "⇥", "a", "<", "◌\u0301"]


def test_guessing_names_the_most_frequent_character() -> None:
    chosen = own(POEM)
    trained = chosen.learned[: -(len(chosen.learned) // 10)]
    most = sorted(set(chosen.learned)).index(max(set(trained), key=trained.count))
    assert (chosen.guess(chosen.held_out()).argmax(-1) == most).all()
    assert abs(chosen.baseline - 100 * (chosen.held_out().targets == most).mean()) < 1e-9


@pytest.mark.parametrize(("last", "said"), [(2, 63), (3, 72)])
def test_what_a_table_of_the_last_characters_names_is_as_the_task_says(last: int, said: int) -> None:
    """The source of argparse differs a little from one Python to the next."""
    text = task("text").learned
    split = len(text) - len(text) // 10
    followed = defaultdict(Counter)
    for place in range(last, split):
        followed[text[place - last : place]][text[place]] += 1
    named = [followed[text[p - last : p]].most_common(1) for p in range(split + last, len(text))]
    right = [bool(best) and best[0][0] == text[split + last + i] for i, best in enumerate(named)]
    assert abs(100 * np.mean(right) - said) < 5


def test_the_longest_text_is_read_in_one_piece_and_not_character_by_character(elsewhere: Callable[[], None]) -> None:
    elsewhere()  # to store it looks at all that is stored
    text = "".join(chr(97 + i) for i in np.random.default_rng(0).integers(0, 26, limits.LONGEST_TEXT))
    with Lines() as lines:
        chosen = own(text)
        chosen.sample(np.random.default_rng(0), 32)
    assert lines.count < 10_000
    assert chosen.digest == corpora.digest(text)


def test_a_text_of_combining_marks_is_not_composed(
    monkeypatch: pytest.MonkeyPatch, elsewhere: Callable[[], None]
) -> None:
    """It takes time that grows with the square of their number."""
    elsewhere()
    composed: list[int] = []
    compose = unicodedata.normalize
    with monkeypatch.context() as patch, Lines() as lines:
        patch.setattr(unicodedata, "normalize", lambda form, text: composed.append(len(text)) or compose(form, text))
        own("a" + "\u0301\u0316" * 500_000).sample(np.random.default_rng(0), 32)
    assert not [length for length in composed if length > 1_000]
    assert lines.count < 10_000
