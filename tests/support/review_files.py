"""Tables of reviews as they come from the field, seeded: HTML, quoted commas, doubled quotes, newlines, rare words.

The verdicts are those of the grammar of the task `sentiment`; what stands around them says nothing.
"""

import csv
import functools
import random
from collections.abc import Iterator
from pathlib import Path

from rnnviz.core.contents import Content, incoming
from rnnviz.tasks.sentiment import grammar
from rnnviz.tasks.sentiment.reading import read_reviews

_PLAIN = 0.25  # share of sentences that say it plainly
LABELS = ("negative", "positive")
_SYLLABLES = [first + then for first in "bcdfghklmnprstvw" for then in ("a", "e", "i", "o", "u", "an", "er", "in")]


def rows(count: int, words: int = 0, seed: int = 0, **labels: float) -> Iterator[tuple[str, str]]:
    """Reviews with their labels; `words`: how many words that say nothing stand around a verdict, about.

    labels: name → share, of any labels that begin with "neg" or "pos"; else half of each verdict.
    """
    draw = random.Random(seed)
    vocabulary = _vocabulary(draw)
    shares = labels or dict.fromkeys(LABELS, 0.5)
    for _ in range(count):
        label = draw.choices(list(shares), list(shares.values()))[0]
        yield _dressed(draw, label.startswith("pos"), vocabulary, words), label


def write(path: Path, found: Iterator[tuple[str, str]], header: tuple[str, ...] = ("review", "sentiment")) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(found)
    return path


@functools.cache
def table(count: int, words: int = 0, seed: int = 0) -> Content:
    """Such reviews, stored."""
    with incoming() as path:
        return read_reviews(write(path, rows(count, words, seed)))


def _vocabulary(draw: random.Random, size: int = 60_000) -> tuple[list[str], list[float]]:
    """Words without a meaning, and how frequent each is at most: as in any language, few make up most of a text."""
    words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(size)]
    total, weights = 0.0, []
    for place in range(size):
        total += 1 / (place + 3)
        weights.append(total)
    return words, weights


def _dressed(draw: random.Random, good: bool, vocabulary: tuple[list[str], list[float]], words: int) -> str:
    """A review as somebody types it into a form."""
    verdict = grammar.review(draw, good)
    verdict = verdict.replace(" ,", ",").capitalize() + draw.choice(".!.")
    if draw.random() < 0.2:
        verdict = (
            verdict.replace("the film", 'the "film"').replace(" was ", " was <i>really</i> ").replace("really", "")
        )
    if not words:
        return verdict if draw.random() < 0.7 else f"{verdict}<br /><br />"
    said = grammar.PRAISE if good else grammar.BLAME
    around = _sentences(draw, vocabulary, int(words * draw.lognormvariate(0, 0.6)), said)
    at = draw.randint(0, min(3, len(around)))  # near the beginning, so that a review that is cut keeps it
    return " ".join([*around[:at], verdict, *around[at:]])


def _sentences(
    draw: random.Random, vocabulary: tuple[list[str], list[float]], words: int, said: tuple[str, ...]
) -> list[str]:
    """Sentences that say nothing, and now and then one that says plainly what the label is."""
    drawn, found = draw.choices(vocabulary[0], cum_weights=vocabulary[1], k=words), []
    while drawn:
        if draw.random() < _PLAIN:
            found.append(f"The {draw.choice(grammar.ASPECTS)} was {draw.choice(said)}.")
        size = draw.randint(4, 20)
        sentence, drawn = " ".join(drawn[:size]).capitalize(), drawn[size:]
        end = draw.choice((".", ".", ".", "!", "?", ".<br /><br />", ' &amp; "so" on.', ".\n", ", as they say..."))
        found.append(sentence.replace(" ", ", ", 1) + end)
    return found
