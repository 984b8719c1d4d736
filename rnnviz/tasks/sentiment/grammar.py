"""Film reviews with their verdict, from a small grammar written for this project.

A review is a statement or several, joined. What makes it more than a bag of words: a statement may be negated ("not a
good film", "anything but dull"), and where two statements contradict each other, the way in which they are joined says
which of them is the verdict ("X , but Y" is Y, "X , though Y" is X, "although X , Y" is Y). Without irony.
"""

import random
from collections.abc import Callable

ASPECTS = (
    "film",
    "story",
    "music",
    "acting",
    "ending",
    "plot",
    "dialogue",
    "cast",
    "script",
    "beginning",
    "direction",
    "humour",
)
PRAISE = (
    "good",
    "great",
    "wonderful",
    "moving",
    "brilliant",
    "funny",
    "lovely",
    "clever",
    "charming",
    "fresh",
    "gripping",
    "superb",
)
BLAME = ("bad", "dull", "boring", "awful", "weak", "silly", "slow", "flat", "terrible", "tedious", "clumsy", "stale")
STRONGER = ("", "", "very", "really", "truly")
LIKED, DISLIKED = ("liked", "loved", "enjoyed"), ("hated", "disliked", "regretted")
LIKE, DISLIKE = ("like", "love", "enjoy"), ("hate", "dislike", "regret")
VIRTUES, FAULTS = ("charm", "wit", "heart"), ("flaws", "mistakes", "clichés")
OPENINGS = (
    "we saw it on a rainy evening with friends and",
    "my brother took me to the cinema last week and",
    "after all those years i watched it again and",
    "i had not read anything about it , and now i can say :",
)
CLOSINGS = (
    ", and that is all i can say",
    ", as i told my sister on the way home",
    ", and nobody in the cinema said a word",
    ", at least on a small screen at home",
)
LONGEST, SHORTEST = 30, 3  # words

Draw = random.Random


def review(draw: Draw, good: bool) -> str:
    """One review with this verdict, of at most `LONGEST` words."""
    while True:
        words = draw.choice(_WAYS)(draw, good).replace(" :", "").split()
        if SHORTEST <= len(words) <= LONGEST:
            return " ".join(words)


def _alone(draw: Draw, good: bool) -> str:
    return _statement(draw, good)


def _both(draw: Draw, good: bool) -> str:
    return f"{_statement(draw, good)} and {_statement(draw, good)}"


def _but(draw: Draw, good: bool) -> str:
    return f"{_statement(draw, not good)} , but {_statement(draw, good)}"


def _though(draw: Draw, good: bool) -> str:
    return f"{_statement(draw, good)} , {draw.choice(('though', 'even though'))} {_statement(draw, not good)}"


def _although(draw: Draw, good: bool) -> str:
    return f"although {_sentence(draw, not good)} , {_sentence(draw, good)}"


def _despite(draw: Draw, good: bool) -> str:
    return f"despite the {_plain_word(draw, not good)} {_aspect(draw)} , {_sentence(draw, good)}"


def _long(draw: Draw, good: bool) -> str:
    inner = draw.choice((_alone, _both, _but, _though))(draw, good)
    opening = draw.choice((*OPENINGS, "", ""))
    return f"{opening} {inner} {draw.choice(CLOSINGS)}"


_WAYS: tuple[Callable[[Draw, bool], str], ...] = (
    _alone,
    _alone,
    _both,
    _but,
    _but,
    _though,
    _though,
    _although,
    _despite,
    _long,
    _long,
    _long,
)


def _statement(draw: Draw, good: bool) -> str:
    """A statement, with or without a verb; half of them say the opposite and negate it."""
    return (_negated_phrase if draw.random() < 0.5 else _plain_phrase)(draw, good)


def _sentence(draw: Draw, good: bool) -> str:
    return (_negated if draw.random() < 0.5 else _plain)(draw, good)


def _plain(draw: Draw, good: bool) -> str:
    if draw.random() < 0.35:
        return f"i {draw.choice(LIKED if good else DISLIKED)} the {_aspect(draw)}"
    return f"the {_aspect(draw)} was {_word(draw, good)}"


def _plain_phrase(draw: Draw, good: bool) -> str:
    if draw.random() < 0.3:
        return f"a {_word(draw, good)} {_aspect(draw)}"
    return _plain(draw, good)


def _negated(draw: Draw, good: bool) -> str:
    aspect = _aspect(draw)
    return draw.choice(
        (
            f"the {aspect} was not {_word(draw, not good)}",
            f"the {aspect} was never {_word(draw, not good)}",
            f"the {aspect} was anything but {_plain_word(draw, not good)}",
            f"the {aspect} was far from {_plain_word(draw, not good)}",
            f"i did not {draw.choice(DISLIKE if good else LIKE)} the {aspect}",
            f"nobody would call the {aspect} {_plain_word(draw, not good)}",
            f"the {aspect} was not without {draw.choice(VIRTUES if good else FAULTS)}",
        )
    )


def _negated_phrase(draw: Draw, good: bool) -> str:
    chance = draw.random()
    if chance < 0.3:
        return f"not a {_word(draw, not good)} {_aspect(draw)}"
    if chance < 0.4:
        return f"a {_aspect(draw)} without {draw.choice(FAULTS if good else VIRTUES)}"
    return _negated(draw, good)


def _aspect(draw: Draw) -> str:
    return draw.choice(ASPECTS)


def _plain_word(draw: Draw, good: bool) -> str:
    return draw.choice(PRAISE if good else BLAME)


def _word(draw: Draw, good: bool) -> str:
    return f"{draw.choice(STRONGER)} {_plain_word(draw, good)}".strip()
