"""What a file is that is no table, by how it begins."""

import re

_SAVE = "save it as CSV"
_ARCHIVES = (
    (b"PK\x03\x04", "a zip archive: unpack it"),
    (b"\x1f\x8b", "a gzip archive: unpack it"),
    (b"BZh", "a bzip2 archive: unpack it"),
    (b"\xfd7zXZ\x00", "an xz archive: unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it"),
    (b"\xd0\xcf\x11\xe0", f"an Excel workbook: {_SAVE}"),
    (b"PAR1", f"a Parquet file: {_SAVE}"),
    (b"ARROW1", f"an Arrow file: {_SAVE}"),
    (b"SQLite format 3\x00", f"a SQLite database: {_SAVE}"),
    (b"\x89HDF", f"an HDF5 file: {_SAVE}"),
    (b"%PDF-", "a PDF"),
)
_OFFICE = (
    (b"xl/", f"an Excel workbook: {_SAVE}"),
    (b"word/", "a Word document"),
    (b"opendocument", f"an OpenDocument file: {_SAVE}"),
    (b".npy", "an .npz archive: save one array as .npy"),
)
_PAGE = re.compile(  # a line that begins with <div> and holds a tab is one of flash cards
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:(?:!doctype html|html|head|body|table)\b|div\b(?![^\n]*\t))", re.IGNORECASE
)
_JSON = re.compile(r"""\s*(?:\[\s*)?\{\s*"[^"]*"\s*:""")


def archive(begin: bytes) -> str | None:
    """What a file is that holds no text as it stands, with what to do; None for any other."""
    what = next((what for mark, what in _ARCHIVES if begin.startswith(mark)), None)
    if what is not None and begin.startswith(b"PK"):
        return next((found for name, found in _OFFICE if name in begin), what)
    return what


def other(text: str) -> str | None:
    """What a text is that holds its table in another way, with what to do; None where it may be a table."""
    begin = text[:2_000]
    if _PAGE.match(begin):
        return f"a web page: {_SAVE}"
    return f"JSON: {_SAVE}" if _JSON.match(begin) else None
