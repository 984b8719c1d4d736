"""Running text, word by word: the words that are told apart, and every stretch of them as a sequence to learn."""

import functools
import importlib
import re
from collections import Counter

import numpy as np

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import percent
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.worded import UNKNOWN, Sentences

HELD_OUT_SHARE = 10  # one word in ten, at the end of the text
LETTERS = 0.9  # least share of a paragraph that is letters, spaces and signs of a sentence, so that it is prose
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|[.,;:?!]")


def tokens(text: str) -> list[str]:
    """Words in small letters, and the signs of a sentence, in their order; whatever else there is only parts them."""
    return _WORD.findall(text.lower().replace("’", "'"))


@functools.lru_cache(maxsize=1)
def manual() -> str:
    """Paragraphs of prose of the language reference that comes with this Python, as `help()` shows it.

    Raises:
        ExperimentError: this Python comes without it.
    """
    try:
        topics: dict[str, str] = importlib.import_module("pydoc_data.topics").topics
    except ImportError:
        raise ExperimentError("corpus", "one whose text this Python brings along", "manual") from None
    paragraphs = [" ".join(one.split()) for _, topic in sorted(topics.items()) for one in topic.split("\n\n")]
    return "\n".join(dict.fromkeys(one for one in paragraphs if _is_prose(one)))


def _is_prose(paragraph: str) -> bool:
    plain = sum(one.isalpha() or one in " ,.;'" for one in paragraph)
    return paragraph.endswith(".") and plain >= LETTERS * len(paragraph)


def check(text: str, length: int) -> None:
    """Refuse a text of which a tenth, which is held out, has no room for one sequence and the word after it.

    Raises:
        ExperimentError: it is too short, or all its words are alike.
    """
    count, least = len(words := _tokens(text)), HELD_OUT_SHARE * (length + 1)
    if count < least:
        allowed = f"at least {least:,} words and signs long, ten times a sequence with the word after it"
        raise ExperimentError("text", allowed, Words(f"{count:,}"))
    if len(set(words)) < 3:
        raise ExperimentError("text", "made of at least three different words", text)


@functools.lru_cache(maxsize=2)  # a long text takes half a second; equal tasks share it
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(tokens(text))


@functools.lru_cache(maxsize=4)
def prepared(text: str, length: int, vocabulary: int) -> Sentences:
    """Every stretch of `length` words of a text, and for each of its words the next one.

    The most frequent words are told apart; all others are read as `UNKNOWN` and never asked. What is held out lies in
    the last tenth of the text, from which nothing is trained on. Stretches in which nothing is asked are left out.

    Raises:
        ExperimentError: none is left to train on, or to be held out.
    """
    read = _tokens(text)
    counts = Counter(read)
    order = sorted(counts, key=lambda word: (-counts[word], word))
    words = (UNKNOWN, *sorted(order[:vocabulary]))
    places = {word: place for place, word in enumerate(words)}
    stream = np.array([places.get(word, 0) for word in read], np.int16)
    inputs = np.lib.stride_tricks.sliding_window_view(stream[:-1], length)
    targets = np.lib.stride_tricks.sliding_window_view(np.where(stream == 0, PAD, stream)[1:], length)
    split = len(read) - len(read) // HELD_OUT_SHARE
    asked = (targets != PAD).any(axis=1)
    trained, held_out = np.flatnonzero(asked[: split - length]), split + np.flatnonzero(asked[split:])
    for found, part in (((targets[trained, 0] != PAD).any(), "before"), (len(held_out), "in")):
        if not found:
            often = f"one of whose {vocabulary:,} most frequent words (vocabulary) some come"
            raise ExperimentError("text", f"{often} {part} its last tenth, which is held out", Words("none there"))
    nothing = np.zeros(len(words) + 1, np.float32)
    return Sentences(words, inputs, targets, trained, held_out, nothing, {})


def summary(text: str, vocabulary: int) -> str:
    """What of a text is told apart, for people."""
    read = _tokens(text)
    counts = Counter(read)
    known = sum(count for _, count in counts.most_common(vocabulary))
    told = f"{len(read):,} words and signs, {len(counts):,} different ones."
    if len(counts) <= vocabulary:
        return told
    share = percent(100.0 * known / len(read))
    others = "all others are read as one unknown word and never asked."
    return f"{told} The {vocabulary:,} most frequent are told apart ({share} of the text); {others}"
