"""Tokens on lines, alone or in a table with their indices, counts or scores, as people and libraries write them."""

import re
from collections.abc import Mapping, Sequence

_WRITTEN = {"\\n": "\n", "\\t": "\t", "\\s": " "}  # tokens that a line of a list cannot hold as they are
_SIGNS = ("\t", ",", ";", ":", " ")  # between the columns of a table
_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,20})?(?:e-?\d{1,3})?", re.IGNORECASE)
_HEADING = re.compile(r"(?:.*[ _])?(?:id|ids|idx|ix|index|counts?|freq|frequency|scores?|number|rank)", re.IGNORECASE)
_OF_VECTORS = re.compile(r"\d{1,7} \d{1,5}")  # the first line of a file of vectors: how many, how long
_MOST_NUMBERS = 3  # columns of them; more are a vector
MOST_GAPS = 16  # places without a token, if more are without than with one
_EACH = "one token on each line"


class NoVocabulary(ValueError):
    """Why something is no vocabulary, in words that follow "got ": what came, and `allowed`."""

    def __init__(self, allowed: str, came: str) -> None:
        self.allowed, self.came = allowed, came
        super().__init__(f"{allowed}; got {came}")


def of_lines(text: str) -> Sequence[str] | Mapping[int, str]:
    r"""Tokens in their order, or by their indices where these stand beside them.

    A number beside each token is an index where they count up from 0 or 1; else it is a count or a score.
    `\n`, `\t` and `\s` stand for the end of a line, a tab and a space.

    Raises:
        NoVocabulary: it is another kind of text.
    """
    _check_kind(text)
    end = "\n" if "\n" in text else "\r"
    lines = [line.removesuffix("\r") for line in text.rstrip("\r\n").split(end)]
    filled = [line for line in lines if line]
    for sign in _SIGNS:
        if (found := _of_table(filled, sign)) is not None:
            return found
    return [_written(line) for line in lines] if filled else []


def counts_up(numbers: Sequence[str]) -> bool:
    """Whether they are indices and no counts, which fall: each once, from 0 or 1, in any order or rising with gaps."""
    if not all(number.isdecimal() for number in numbers):
        return False
    found = [*map(int, numbers)]
    first, rising = min(found, default=-1), sorted({*found})
    if first not in (0, 1) or len(rising) < len(found) or (len(found) > 1 and found == rising[::-1]):
        return False
    gaps = rising[-1] + 1 - first - len(found)
    return not gaps or (found == rising and gaps <= max(MOST_GAPS, len(found)))


def _check_kind(text: str) -> None:
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html")):
        raise NoVocabulary(_EACH, "an HTML page")
    if start.startswith("#version"):
        raise NoVocabulary(_EACH, "the merges of a BPE tokenizer")
    ends = {"[": "]", "{": "}"}.get(start[:1], "")
    if ends and text.rstrip().endswith(ends) and start[1:2] in "\n\r\t \"'[{0123456789" and len(text.rstrip()) > 1:
        raise NoVocabulary(f"JSON, or {_EACH}", "broken JSON")


def _of_table(lines: Sequence[str], sign: str) -> Sequence[str] | Mapping[int, str] | None:
    """Tokens of a table whose columns this sign separates; None if it is no such table."""
    if lines and _is_heading(lines[0], sign) and len(lines) > 1 and (found := _of_rows(lines[1:], sign)) is not None:
        return found
    return _of_rows(lines, sign) if len(lines) > 1 or sign == "\t" else None


def _is_heading(line: str, sign: str) -> bool:
    if sign == " ":
        return _OF_VECTORS.fullmatch(line) is not None
    names = line.split(sign)
    return len(names) > 1 and any(_HEADING.fullmatch(name.strip(' "')) for name in (names[0], names[-1]))


def _of_rows(lines: Sequence[str], sign: str) -> Sequence[str] | Mapping[int, str] | None:
    tokens, numbers = lines, list[Sequence[str]]()
    while len(numbers) <= _MOST_NUMBERS and (cut := _cut(tokens, sign, before=False)):
        tokens, column = cut
        numbers.append(column)
    if len(numbers) > _MOST_NUMBERS:
        return [line.partition(sign)[0] for line in lines]
    front = _cut(tokens, sign, before=True)
    if front and (counts_up(front[1]) or (sign != ":" and _falls(front[1]))):
        tokens, column = front
        numbers.append(column)
    places = next((column for column in reversed(numbers) if counts_up(column)), None)
    if numbers and sign in ",;:" and places is None and (sign == ":" or all(map(_NUMBER.fullmatch, tokens))):
        return None
    if sign == "\t" and len(widths := {token.count(sign) for token in tokens}) == 1 and widths != {0}:
        raise NoVocabulary(_EACH, "several columns of words")
    if not numbers:
        return None
    tokens = [_written(_unquoted(token) if sign in ",;" else token) for token in tokens]
    return tokens if places is None else dict(zip(map(int, places), tokens, strict=True))


def _cut(lines: Sequence[str], sign: str, *, before: bool) -> tuple[Sequence[str], Sequence[str]] | None:
    """Each line without the number behind its last sign, or before its first, and these; None if one has none."""
    tokens, numbers = [], []
    for line in lines:
        if before:
            number, found, token = line.lstrip(" ").partition(sign)
            token = token.lstrip(" ") or token
        else:
            token, found, number = line.rpartition(sign)
            token = token.rstrip(" \t") or token
        if not found or not token or not _NUMBER.fullmatch(number := number.strip(' "')):
            return None
        tokens.append(token)
        numbers.append(number)
    return (tokens, numbers) if tokens else None


def _falls(numbers: Sequence[str]) -> bool:
    found = [*map(float, numbers)]
    return len(found) > 1 and found == sorted(found, reverse=True)


def _unquoted(token: str) -> str:
    return token[1:-1].replace('""', '"') if len(token) > 1 and token[0] == token[-1] == '"' else token


def _written(line: str) -> str:
    return _WRITTEN.get(line, line)
