"""Columns that stand beside what is learned: they number the rows, name them, or say where they are from."""

import itertools
import re
from collections.abc import Callable, Sequence

from rnnviz.tables import dates, numerals

# Why a column is left out; each goes on after "which".
INDEX = "counts the rows"
ID = "names each row"
EMPTY = "is empty"
CONSTANT = "is the same in every row"
SPARSE = "is empty in most rows"
ONE_VALUE = "holds one value or nothing"
SPLIT = "tells training from test"
DATES = "holds dates"
ATTRIBUTION = "names sources"
UNUSED = "is neither text nor label"
NUMBERS = "holds numbers alone"
FEW = "repeats few values"
UNPAIRED = "is not among the two columns"
NOT_CHOSEN = "is not chosen"
NO_NUMBERS = "holds no numbers"

ALIKE = (CONSTANT, ONE_VALUE, SPARSE)  # there is at most one value in it

_ENOUGH = 0.8  # of the cells of a column that are dates, or numbers
_MANY = 8  # rows by which a column shows that its values come again
_FEWEST = 3  # rows by which a column without a name shows what it is
_SPLITS = {"train", "training", "test", "testing", "dev", "development", "val", "valid", "validation", "eval"}
_SPLIT_NAMES = {"split", "fold", "subset", "partition"}
_INDEX_NAMES = {"", "unnamed", "index", "idx", "row", "rowid", "rownumber"}
_ID_NAMES = {"id", "uuid", "guid", "key", "nr", "ids"}
_ATTRIBUTION_NAMES = {"attribution", "license", "licence", "credit", "credits", "url", "link", "copyright"}
DATE_NAMES = (
    *(
        "date",
        "datetime",
        "timestamp",
        "time",
        "day",
        "datum",
        "month",
        "year",
        "period",
        "week",
        "quarter",
        "ts",
        "epoch",
    ),
    *(
        "jahr",
        "monat",
        "tag",
        "zeit",
        "woche",
        "quartal",
        "année",
        "annee",
        "mois",
        "jour",
        "fecha",
        "año",
        "mes",
        "data",
    ),
    "created",
)
_CODE = re.compile(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){0,6}[0-9a-fA-F]*|[A-Za-z]{1,8}[-_#:]\d+|#?\d+")
_KEY = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[!-~]{4,40}")  # no words, but signs of all kinds
_SOURCED = re.compile(
    r"CC[ -]BY|CC0|tatoeba|attribution:|licen[cs]e|©|\(c\) |public domain|^(?:https?://|www\.)\S+$", re.I
)


def words(name: str) -> list[str]:
    """The words of a name: "review_text", "ReviewText", "Review text" are "review" and "text"."""
    return re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


def aside(name: str, cells: Sequence[str]) -> str:
    """Why a column holds nothing to learn, one of the reasons above; "" if it may.

    name:  "" where there is none.
    cells: of its first rows.
    """
    full = [cell for cell in cells if cell]
    if not full:
        return EMPTY if cells else ""
    return next((why for why, is_so in _TESTS if is_so(name, full, len(cells))), alike(cells))


def alike(cells: Sequence[str]) -> str:
    """How all cells are alike, `EMPTY` or one of `ALIKE`; "" where two of them hold different values."""
    full = [cell for cell in cells if cell]
    if not full or len(cells) < 2 or len(set(full)) > 1:
        return EMPTY if cells and not full else ""
    if len(full) == len(cells):
        return CONSTANT
    return SPARSE if 2 * len(full) < len(cells) else ONE_VALUE


def _counts(name: str, full: Sequence[str], rows: int) -> bool:
    return counts_rows(full) and len(full) == rows and (rows >= _FEWEST or is_id_name(name))


def _is_id(name: str, full: Sequence[str], rows: int) -> bool:
    if len(set(full)) < rows or rows < 2:
        return False
    return is_id_name(name) or (rows >= _FEWEST and (all(map(_CODE.fullmatch, full)) or all(map(_KEY.fullmatch, full))))


def _splits(name: str, full: Sequence[str], _rows: int) -> bool:
    different = {cell.casefold() for cell in full}
    return different <= _SPLITS or ((words(name) or [""])[-1] in _SPLIT_NAMES and 2 * len(different) <= len(full))


def _names_sources(name: str, full: Sequence[str], _rows: int) -> bool:
    sourced = sum(_SOURCED.search(cell) is not None for cell in full)
    return (words(name) or [""])[-1] in _ATTRIBUTION_NAMES or 2 * sourced > len(full)


def wordless(cells: Sequence[str]) -> str:
    """Why a column is less likely to be learned than sentences: `NUMBERS` or `FEW`; "" if it is as likely."""
    full = [cell for cell in cells if cell]
    if full and numerals.look(full, False)[2] == 1.0:
        return NUMBERS
    return FEW if len(full) >= _MANY and len(set(full)) <= len(full) / 4 else ""


def is_id_name(name: str) -> bool:
    """Whether a column is called like one that names its rows."""
    parts = words(name)
    return "".join(parts) in _INDEX_NAMES - {""} or (parts or [""])[-1] in _ID_NAMES


def counts_rows(cells: Sequence[str]) -> bool:
    """Whether whole numbers grow by one from row to row."""
    if not all(re.fullmatch(r"\d{1,12}", cell) for cell in cells):
        return False
    return all(int(then) == int(cell) + 1 for cell, then in itertools.pairwise(cells))


def is_dates(name: str, cells: Sequence[str]) -> bool:
    """Whether cells are dates: such as can be nothing else, or numbers that are called so."""
    named = not {*DATE_NAMES}.isdisjoint(words(name))
    if dates.look(cells)[1] < _ENOUGH:
        return named and dates.look_at_counts(cells) is not None
    return named or numerals.look(cells, False)[2] < _ENOUGH


_TESTS: tuple[tuple[str, Callable[[str, Sequence[str], int], bool]], ...] = (
    (INDEX, _counts),
    (ID, _is_id),
    (SPLIT, _splits),
    (ATTRIBUTION, _names_sources),
    (DATES, lambda name, full, _: is_dates(name, full)),
)
