"""Columns that say nothing, put beside a table, and tables written as people write them."""

import csv
import io
import random
import uuid
from collections.abc import Callable, Sequence

Rows = Sequence[Sequence[str]]


def _ids(draw: random.Random, count: int) -> list[str]:
    made: list[Callable[[], str]] = [
        lambda: str(uuid.UUID(int=draw.getrandbits(128))),
        lambda: f"s-{draw.randrange(10**6)}",
        lambda: str(draw.randrange(10**7, 10**8)),
        lambda: f"{draw.getrandbits(64):016x}",
    ]
    make, found = draw.choice(made), dict[str, None]()
    while len(found) < count:
        found[make()] = None
    return list(found)


def _attributions(draw: random.Random, count: int) -> list[str]:
    who = ("CM", "Wittydev", "sacredceltic, who wrote more than one sentence")
    kinds = (
        "CC-BY 2.0 (France) Attribution: tatoeba.org #{0} ({1})",
        "CC BY 4.0, {1}",
        "© {1}, {0}",
        "https://a.b/{0}",
    )
    kind = draw.choice(kinds)
    return [kind.format(draw.randrange(10**6), draw.choice(who)) for _ in range(count)]


def _dates(draw: random.Random, count: int) -> list[str]:
    kind = draw.choice(
        ("{0}-{1:02}-{2:02}", "{2:02}.{1:02}.{0}", "{1}/{2}/{0}", "{3} {2}, {0}", "{3}-{4:02}", "{0}-{1:02}")
    )
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    parts = [(draw.randrange(1950, 2020), draw.randrange(1, 13), draw.randrange(13, 28)) for _ in range(count)]
    return [kind.format(year, month, day, months[month - 1], year % 100) for year, month, day in parts]


BESIDE: dict[str, tuple[str, Callable[[random.Random, int], list[str]]]] = {
    "index": (
        "",
        lambda draw, count: [str(place + draw_from) for draw_from in [draw.randrange(2)] for place in range(count)],
    ),
    "id": ("id", _ids),
    "attribution": ("attribution", _attributions),
    "date": ("date", _dates),
    "split": ("split", lambda draw, count: [draw.choice(("train", "test", "dev")) for _ in range(count)]),
    "constant": ("language", lambda draw, count: ["deu"] * count),
}


def beside(rows: Rows, header: Sequence[str] | None, kind: str, at: int, draw: random.Random) -> list[list[str]]:
    """The rows, below a header where there is one, with one more column at a place."""
    name, make = BESIDE[kind]
    found = [[*row[:at], cell, *row[at:]] for row, cell in zip(rows, make(draw, len(rows)), strict=True)]
    return found if header is None else [[*header[:at], name, *header[at:]], *found]


def written(rows: Rows, delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    """A table as a spreadsheet writes it; between tabs nothing is quoted unless all is."""
    if delimiter == "\t" and quoting == csv.QUOTE_MINIMAL:
        return "".join("\t".join(row) + "\n" for row in rows)
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return file.getvalue()
