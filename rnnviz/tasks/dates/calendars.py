"""How dates are written in many languages: patterns and names from the Unicode CLDR, by way of Babel, read once.

Source: https://cldr.unicode.org, date formats "long", "medium", "yMMMEd" and "yMd" of every language. All is in small
letters and composed (NFC), so that one symbol stands for a letter wherever it stands.
"""

import collections
import dataclasses
import datetime
import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping

LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "sv": "Swedish",
    "fi": "Finnish",
    "pl": "Polish",
    "cs": "Czech",
    "hu": "Hungarian",
    "tr": "Turkish",
    "ru": "Russian",
    "el": "Greek",
    "ja": "Japanese",
}
WRITTEN_OUT, SHORTENED, WEEKDAY, DIGITS = "written out", "shortened", "with the weekday", "in digits"
MONTH_NAMES = ("MMM", "MMMM")
NAMED = (*MONTH_NAMES, "E")  # kinds of parts that are names
_GROUPS = {"y": r"(?P<y>\d{4})", "M": r"(?P<M>\d\d?)", "MM": r"(?P<M>\d\d?)", "d": r"(?P<d>\d\d?)"}
_GROUPS["dd"] = _GROUPS["d"]
_NUMBER, _WORD = re.compile(r"[0-9]+"), re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"'([^']*)'|(y+|[ML]+|d+|[Ec]+)|(.)", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Pattern:
    """One way to write a date.

    parts: literal text, or "y", "M", "MM", "MMM", "MMMM", "d", "dd", "E" as in the CLDR; a literal begins with "'".
    names: kind of part → the names of months from January or of weekdays from Monday.
    """

    language: str
    style: str
    parts: tuple[str, ...]
    names: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def in_digits(self) -> bool:
        """Whether the month is a number."""
        return not any(part in MONTH_NAMES for part in self.parts)

    @property
    def shape(self) -> str:
        """The pattern with day and month alike: two of the same look may mean different days."""
        return "".join(part[1:] if part[0] == "'" else "y" if part == "y" else "#" for part in self.parts)


def normalised(text: str) -> str:
    """`text` as the patterns are written: small letters, composed, single plain spaces.

    The small letter of the Turkish İ is an i: Python puts a second dot on it, a mark of its own.
    """
    small = unicodedata.normalize("NFC", text).casefold().replace("i\u0307", "i")
    return " ".join(unicodedata.normalize("NFC", small).split())


def typed(language: str, text: str) -> str:
    """As `normalised`, a date that somebody types in a language, or in any if it is "all".

    A word in capitals that is none in small letters is the name with the same capitals, where accents do not count: the
    small letter of the Turkish I is ı, and Greek and French capitals often stand without their accents.
    """
    names, capitals = _capitals(language)

    def small(word: re.Match[str]) -> str:
        known = not word[0].isupper() or normalised(word[0]) in names
        return word[0] if known else capitals.get(_capital(word[0]), word[0])

    return normalised(_WORD.sub(small, unicodedata.normalize("NFC", text)))


@functools.lru_cache(maxsize=len(LANGUAGES) + 1)
def _capitals(language: str) -> tuple[frozenset[str], dict[str, str]]:
    """All words of dates, and for their capitals the only word that they may be."""
    every = [_words(one) for one in (LANGUAGES if language == "all" else [language])]
    names = frozenset(name for months, others in every for name in (*months, *others))
    meant = collections.defaultdict(set)
    for name in names:
        meant[_capital(name)].add(name)
    return names, {capital: found.pop() for capital, found in meant.items() if len(found) == 1}


def _capital(word: str) -> str:
    """A word in capitals without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word.upper()) if not unicodedata.combining(c))


@functools.lru_cache(maxsize=len(LANGUAGES) + 1)
def patterns(language: str) -> tuple[Pattern, ...]:
    """The ways to write a date in a language; in all of them if `language` is "all".

    In all of them, digits whose order depends on the language are left out: 3/4/2026 is in March here, in April there.
    """
    if language != "all":
        return _of(language)
    every = [pattern for one in LANGUAGES for pattern in _of(one)]
    orders = collections.defaultdict(set)
    for pattern in every:
        orders[pattern.shape].add("".join(part[0] for part in pattern.parts if part[0] in "dM"))
    return tuple(one for one in every if not one.in_digits or len(orders[one.shape]) == 1)


@functools.lru_cache(maxsize=len(LANGUAGES))
def _of(language: str) -> tuple[Pattern, ...]:
    from babel import Locale

    locale = Locale(language)
    written = {
        WRITTEN_OUT: locale.date_formats["long"].pattern,
        DIGITS: locale.datetime_skeletons["yMd"].pattern,
        SHORTENED: locale.date_formats["medium"].pattern,
        WEEKDAY: locale.datetime_skeletons["yMMMEd"].pattern,
    }
    months, days = locale.months["format"], locale.days["format"]["abbreviated"]
    names = {
        "MMM": tuple(normalised(months["abbreviated"][month]) for month in range(1, 13)),
        "MMMM": tuple(normalised(months["wide"][month]) for month in range(1, 13)),
        "E": tuple(normalised(days[day]) for day in range(7)),
    }
    found: dict[tuple[str, ...], Pattern] = {}
    for style, pattern in written.items():
        parts = _parts(pattern)
        used = tuple((kind, names[kind]) for kind in NAMED if kind in parts)
        found.setdefault(parts, Pattern(language, style, parts, used))
    return tuple(found.values())


def _parts(pattern: str) -> tuple[str, ...]:
    """A CLDR pattern in parts; years have four digits, and literals that touch are one."""
    parts: list[str] = []
    for quoted, letters, other in _PARTS.findall(pattern):
        if letters:
            parts.append({"y": "y", "E": "E", "c": "E"}.get(letters[0], letters.replace("L", "M")))
            continue
        literal = "".join(" " if c.isspace() else c.casefold() for c in quoted or other)
        if parts and parts[-1][0] == "'":
            parts[-1] += literal
        else:
            parts.append("'" + literal)
    return tuple(parts)


def formatted(pattern: Pattern, date: datetime.date) -> str:
    """One date, slowly: a `date_writer.Writer` writes a batch of them."""
    names = dict(pattern.names)
    numbers = {"y": f"{date.year:04}", "M": str(date.month), "MM": f"{date.month:02}"}
    numbers |= {"d": str(date.day), "dd": f"{date.day:02}"}
    at = {"MMM": date.month - 1, "MMMM": date.month - 1, "E": date.weekday()}
    spelled = [p[1:] if p[0] == "'" else names[p][at[p]] if p in names else numbers[p] for p in pattern.parts]
    return "".join(spelled)


def understood(pattern: Pattern, text: str) -> str:
    """The date of a normalised text in ISO 8601; "" if the pattern does not fit or there is no such day.

    The weekday says nothing new, so a wrong one does no harm.
    """
    found = _expression(pattern).fullmatch(text)
    if found is None:
        return ""
    names = dict(pattern.names)
    month = next((names[kind].index(found["M"]) + 1 for kind in MONTH_NAMES if kind in names), 0)
    try:
        return datetime.date(int(found["y"]), month or int(found["M"]), int(found["d"])).isoformat()
    except ValueError:
        return ""


def in_words(language: str, text: str) -> str:
    """The date of a normalised text in ISO 8601 whose month is a name, whatever the order and the signs between.

    Beside the day, the month and a year of four digits there may be names of weekdays and the words of the language's
    own patterns; "" if that is not so or there is no such day.
    """
    months, others = _words(language)
    numbers, words = _NUMBER.findall(text), _WORD.findall(text)
    found = [months[word] for word in words if word in months]
    years = [int(number) for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) <= 2]
    known = all(word in months or word in others for word in words)
    if not known or len(found) != 1 or len(years) != 1 or len(days) != 1 or len(numbers) != 2:
        return ""
    try:
        return datetime.date(years[0], found[0], days[0]).isoformat()
    except ValueError:
        return ""


@functools.lru_cache(maxsize=len(LANGUAGES))
def _words(language: str) -> tuple[dict[str, int], frozenset[str]]:
    """A language's names of months, without those that mean two, and the other words that may stand in a date."""
    from babel import Locale

    locale = Locale(language)
    meant = collections.defaultdict(set)
    for month, name in _names(locale.months):
        meant[name].add(month)
    weekdays = {word for _, name in _names(locale.days) for word in _WORD.findall(name)}
    literals = {word for one in _of(language) for part in one.parts if part[0] == "'" for word in _WORD.findall(part)}
    return {name: months.pop() for name, months in meant.items() if len(months) == 1}, frozenset(weekdays | literals)


def _names(forms: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[tuple[int, str]]:
    """(number, name) in full and shortened, as it stands in a date and alone, without the point of what is short."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in forms[context][width].items():
                yield number, normalised(name).rstrip(".")


@functools.lru_cache(maxsize=128)
def _expression(pattern: Pattern) -> re.Pattern[str]:
    names = dict(pattern.names)
    groups = _GROUPS | {kind: f"(?P<{kind[0]}>{'|'.join(map(re.escape, of))})" for kind, of in names.items()}
    return re.compile("".join(re.escape(p[1:]) if p[0] == "'" else groups[p] for p in pattern.parts), re.ASCII)
