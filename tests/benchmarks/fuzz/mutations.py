"""How input is damaged: bytes, and the values of JSON."""

import random
from collections.abc import Sequence
from typing import Any

_CODECS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "gb18030", "cp932")
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, 10**400, 0.5, -0.0, 1e308, float("nan"), float("inf")),
    *("", "a", "0", "nan", "\x00", "\ud800", "é" * 70, [], {}, [[]], [0], {"a": 0}, {"0": "a"}),
)


def mutated(data: bytes, others: Sequence[bytes], words: Sequence[bytes], draw: random.Random, longest: int) -> bytes:
    """`data` after one to five changes; parts of `others` and of `words` may come in."""
    for _ in range(draw.choice((1, 1, 1, 2, 3, 5))):
        data = (_recode if draw.random() < 0.02 else draw.choice(_WAYS))(data, others, words, draw)
    return data[:longest]


def _span(data: bytes, draw: random.Random) -> tuple[int, int]:
    begin = draw.randint(0, len(data))
    return begin, min(len(data), begin + draw.choice((1, 1, 2, 4, 16, 64, 400)))


def _flip(data: bytes, _others: Sequence[bytes], _words: Sequence[bytes], draw: random.Random) -> bytes:
    at = draw.randrange(len(data)) if data else 0
    return data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, _others: Sequence[bytes], _words: Sequence[bytes], draw: random.Random) -> bytes:
    begin, end = _span(data, draw)
    return data[:begin] + data[end:]


def _repeat(data: bytes, _others: Sequence[bytes], _words: Sequence[bytes], draw: random.Random) -> bytes:
    begin, end = _span(data, draw)
    return data[:end] + data[begin:end] * draw.choice((1, 1, 2, 10, 300)) + data[end:]


def _move(data: bytes, _others: Sequence[bytes], _words: Sequence[bytes], draw: random.Random) -> bytes:
    begin, end = _span(data, draw)
    at = draw.randint(0, len(data))
    return data[:at] + data[begin:end] + data[at:]


def _word(data: bytes, _others: Sequence[bytes], words: Sequence[bytes], draw: random.Random) -> bytes:
    begin, end = _span(data, draw)
    return data[:begin] + draw.choice(words) + data[draw.choice((begin, end)) :]


def _splice(data: bytes, others: Sequence[bytes], _words: Sequence[bytes], draw: random.Random) -> bytes:
    other = draw.choice(others)
    return data[: draw.randint(0, len(data))] + other[draw.randint(0, len(other)) :]


def _swap(data: bytes, _others: Sequence[bytes], words: Sequence[bytes], draw: random.Random) -> bytes:
    old, new = draw.choice(words), draw.choice(words)
    return data.replace(old, new, draw.choice((1, 3, -1))) if old else data


def _recode(data: bytes, _others: Sequence[bytes], _words: Sequence[bytes], draw: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(draw.choice(_CODECS), "replace")


_WAYS = (_flip, _cut, _repeat, _move, _word, _word, _splice, _swap)


def mutated_json(value: Any, draw: random.Random) -> Any:
    """A value of JSON with one of the values inside it changed, left out, moved, or nested."""
    if not isinstance(value, (dict, list)) or not value or draw.random() < 0.1:
        return draw.choice((_odd, _nested, _near))(value, draw)
    if isinstance(value, list):
        at, kept = draw.randrange(len(value)), [*value]
        if draw.random() < 0.2:
            return kept[:at] + kept[at + 1 :] if draw.random() < 0.5 else [*kept, kept[at]]
        kept[at] = mutated_json(kept[at], draw)
        return kept
    name, changed = draw.choice([*value]), dict(value)
    how = draw.random()
    if how < 0.1:
        del changed[name]
    elif how < 0.2:
        changed[str(_odd(name, draw))] = changed.pop(name)
    elif how < 0.3:
        changed[name] = changed[draw.choice([*value])]
    else:
        changed[name] = mutated_json(changed[name], draw)
    return changed


def _odd(_value: Any, draw: random.Random) -> Any:
    return draw.choice(_ODD)


def _nested(value: Any, draw: random.Random) -> Any:
    for _ in range(draw.choice((1, 2, 30))):
        value = [value] if draw.random() < 0.5 else {draw.choice(("vocab", "model", "tokens", "a")): value}
    return value


def _near(value: Any, draw: random.Random) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value + draw.choice((-1, 1, 2, 0.5))
    if isinstance(value, str):
        at = draw.randint(0, len(value))
        return value[:at] + draw.choice(("", "é", "-", '"', "0", ",", ":", "~")) + value[at + draw.randint(0, 2) :]
    return value
