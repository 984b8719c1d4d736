"""Pairs as programs export them and people keep them: the same rows are learned, or one sentence says why none are."""

import gzip
import io
import json
import uuid
import zipfile

import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.tables.texts import brought
from rnnviz.tasks.pairs import csv_table
from tests.support.refusals import is_one_clear_sentence
from tests.tables.columns import written
from tests.tables.test_brought import PAIRS

COUNTED = [*enumerate(PAIRS)]
NAMES = "english,german\n"
TABLE, TABS = written(PAIRS, ","), written(PAIRS, "\t")


def rows_of(data: str | bytes) -> tuple[list[tuple[str, str]], str]:
    """What is learned, and what is said of it."""
    text = brought(data.encode() if isinstance(data, str) else data)
    found = csv_table.brought(text.text)
    assert found.report is not None
    rows = [(row.read, row.written) for row in csv_table.parsed(found.text)]
    return rows, f"{text.said} {found.report.said}".strip()


def lines(kind: str, rows: list[tuple[str, str]] = PAIRS) -> str:
    return "".join(kind.format(one, two) + "\n" for one, two in rows)


NAMED = "The first row names the columns."
INSIDE = "in the table left out, which repeats names, draws a line or is a remark."
EXPORTED = {  # → table, what is said
    "Anki": ("#separator:tab\n#html:true\n#tags column:3\n" + lines("{}\t{}\tlesson1"), "3 rows before the table"),
    "Anki, semicolons": ("#separator:semicolon\n#html:false\n" + lines("{};{}"), "2 rows before the table left out."),
    "Anki, commas and names": ("#separator:Comma\n#columns:Front,Back\n" + TABLE, "2 rows before the table left out."),
    "Anki with ids": (
        "#separator:tab\n#guid column:1\n#notetype column:2\n"
        + "".join(f"x{n * 7919 % 97:02d}{'QkL$p'[n % 5]}{n}\tBasic\t{one}\t{two}\t\n" for n, (one, two) in COUNTED),
        "Left out: “column 1”, which names each row.",
    ),
    "Excel's first line": ("sep=;\r\n" + lines("{};{}\r"), ""),
    "Excel's first line behind a mark": ("\ufeffsep=,\r\n" + TABLE, ""),
    "a remark": ("# made by me\n# and you\n" + TABS, "2 rows before the table left out."),
    "remarks between": ("# by me\n" + written(PAIRS[:5], "\t") + "# more\n" + written(PAIRS[5:], "\t"), INSIDE),
    "blank lines": (TABS.replace("\n", "\n\t\n\n"), ""),
    "a sum": (NAMES + TABLE + "Total,11\n", f"{NAMED} 1 row below the table left out."),
    "a source": (NAMES + TABLE + "Source: tatoeba.org\n", f"{NAMED} 1 row below the table left out."),
    "a count": (NAMES + TABLE + "(11 rows)\n", f"{NAMED} 1 row below the table left out."),
    "names again": (NAMES + written(PAIRS[:5], ",") + NAMES + written(PAIRS[5:], ","), INSIDE),
    "two rows of names": ("Language A,Language B\n" + NAMES + TABLE, "1 row before the table left out."),
    "names over names": (
        "Sentences,,\nid,english,german\n" + "".join(f"{n},{one},{two}\n" for n, (one, two) in COUNTED),
        "1 row before the table left out.",
    ),
    "an index with a name": ("idx," + NAMES + written([(str(n), *two) for n, two in COUNTED], ","), "“idx”, which"),
    "two indices": (
        ",Unnamed: 0," + NAMES + written([(str(n), str(n), *two) for n, two in COUNTED], ","),
        "Left out: “column 1” and “Unnamed: 0”, which count the rows.",
    ),
    "groups": ("group,sub," + NAMES + written([("ab"[n // 6], str(n % 6), *two) for n, two in COUNTED], ","), "“sub”"),
    "R": (NAMES + written([(str(n + 1), *two) for n, two in COUNTED], ","), "“column 1”, which counts the rows."),
    "uuid": (
        "uuid;source;target\n" + written([(str(uuid.UUID(int=n * 7**40)), *two) for n, two in COUNTED], ";"),
        "Left out: “uuid”, which names each row.",
    ),
    "confidence": (
        "source\ttarget\tconfidence\n" + "".join(f"{one}\t{two}\t{0.9 - n / 50}\n" for n, (one, two) in COUNTED),
        "Left out: “confidence”, which holds numbers alone.",
    ),
    "languages and texts": ("source_lang,target_lang,source,target\n" + lines("en,de,{},{}"), "“column 1”"),
    "locales": ("en_US,de_DE\n" + TABLE, NAMED),
    "locales with hyphens": ("en-US\tde-DE\n" + TABS, NAMED),
    "front and back": ("Front,Back\n" + TABLE, NAMED),
    "x and y": ("x,y\n" + TABLE, NAMED),
    "numbered names": ("col1,col2\n" + TABLE, NAMED),
    "Markdown without a frame": ("English | German\n--- | ---\n" + lines("{} | {}"), NAMED),
    "MySQL": ("+---+---+\n| english | german |\n+---+---+\n" + lines("| {} | {} |") + "+---+---+\n", INSIDE),
    "PostgreSQL": (" english | german \n---------+--------\n" + lines(" {} | {}") + "(11 rows)\n", "1 row below"),
    "double bars": (lines("{}||{}"), "Left out: “column 2”, which is empty."),
    "old Mac": (TABS.replace("\n", "\r"), ""),
    "mixed ends of lines": ("".join(f"{one}\t{two}" + ("\n", "\r\n", "\r")[n % 3] for n, (one, two) in COUNTED), ""),
    "zero-width spaces": (lines("{}\t{}", [(one.replace(" ", "\u200b "), two) for one, two in PAIRS]), ""),
    "a mark inside": (lines("{}\t{}", PAIRS[:5]) + "\ufeff" + lines("{}\t{}", PAIRS[5:]), ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", EXPORTED)
def test_the_same_pairs_are_learned(kind: str) -> None:
    table, said = EXPORTED[kind]
    rows, told = rows_of(table)
    assert rows == PAIRS and said in told and (said or not told)


@pytest.mark.parametrize(
    ("table", "right"),
    [
        (lines('"{} \\"x, y\\" z","{}"'), [(f'{one} "x, y" z', two) for one, two in PAIRS]),
        (lines('"{}, x", "{}, y"'), [(one + ", x", two + ", y") for one, two in PAIRS]),
        (lines('"C:\\{}\\","{}"'), [(f"C:\\{one}\\", two) for one, two in PAIRS]),
        (lines("{}; yes\t{}; ja"), [(one + "; yes", two + "; ja") for one, two in PAIRS]),
        (lines("{} 🙂\tשלום {}"), [(one + " 🙂", "שלום " + two) for one, two in PAIRS]),
        (lines("'{}\te\u0301 {}"), [("'" + one, "é " + two) for one, two in PAIRS]),
        (lines("#{}\t{}"), [("#" + one, two) for one, two in PAIRS]),
        ("front,back\nhot,cold\nup,down\n", [("hot", "cold"), ("up", "down")]),
        ("a,b\nb,c\nc,d\nd,e\n", [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")]),
        ("x,y\ny,z\nz,a\n", [("x", "y"), ("y", "z"), ("z", "a")]),
        ("total,gesamt\nsum,Summe\n", [("total", "gesamt"), ("sum", "Summe")]),
    ],
    ids=["backslashes", "blanks before quotes", "a path", "semicolons", "emoji", "accents", "hash", "names", "letters",
         "x", "sums are words"],
)  # fmt: skip
def test_what_the_cells_hold_is_kept(table: str, right: list[tuple[str, str]]) -> None:
    assert rows_of(table)[0] == right


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_marks_of_windows_are_read_in_every_encoding(encoding: str) -> None:
    rows = [(f"“It’s {one}”", f"„{two}“ – süß") for one, two in PAIRS]
    assert rows_of(lines("{}\t{}", rows).encode(encoding))[0] == rows
    alone = [(f"It’s {one}", two) for one, two in PAIRS]  # one mark in a row, before a letter: as a sign of Shift-JIS
    assert rows_of(lines("{}\t{}", alone).encode(encoding))[0] == alone


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, TABS)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped("xl/workbook.xml"), "an Excel workbook: save it as CSV"),
        (zipped("deu.txt"), "a zip archive: unpack it"),
        (gzip.compress(TABS.encode()), "a gzip archive: unpack it"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "an Excel workbook: save it as CSV"),
        (b"PAR1\x15\x04\x15\x10" + bytes(50), "a Parquet file: save it as CSV"),
        (TABS.replace("fine", "fi\0ne").encode(), "a binary file"),
        ("".join(json.dumps({"en": one, "de": two}) + "\n" for one, two in PAIRS).encode(), "JSON: save it as CSV"),
        (json.dumps([{"en": one, "de": two} for one, two in PAIRS]).encode(), "JSON: save it as CSV"),
        (b"<!DOCTYPE html>\n<table><tr><td>Hi, you</td></tr></table>", "a web page: save it as CSV"),
        ("\n".join(one for one, _ in PAIRS).encode(), "one column"),
        (lines("{:<20}{}").encode(), "one column"),
        (lines("{}\\t{}").encode(), "one column"),
        ((TABS + "lonely\n" + TABS).encode(), "one column in row 12"),
    ],
    ids=["xlsx", "zip", "gzip", "pdf", "xls", "parquet", "zero", "lines of JSON", "JSON", "HTML", "one column", "fixed",
         "no tab", "ragged"],
)  # fmt: skip
def test_what_is_no_table_is_named(data: bytes, said: str) -> None:
    with pytest.raises(ExperimentError) as refused:
        rows_of(data)
    assert f"got {said}." in str(refused.value) and is_one_clear_sentence(refused.value)
