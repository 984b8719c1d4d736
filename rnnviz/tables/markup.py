"""HTML in the cells of a table, as programs for flash cards export it: whether it is there, and texts without it."""

import html
import html.entities
import re
from collections.abc import Iterable

_DECLARED = re.compile(r"#html:\s*(true|false)\s*$", re.IGNORECASE | re.MULTILINE)  # one of Anki's first lines
_ATTRIBUTES = r"""(?:\s+[\w:-]+=(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*\s*/?"""
_PARTING = re.compile(
    rf"</?(?:br|hr|div|p|li|ul|ol|h[1-6]|table|tbody|thead|tr|td|th|pre|blockquote|center){_ATTRIBUTES}>", re.IGNORECASE
)
_INSIDE = re.compile(
    rf"</?(?:a|b|i|u|s|em|strong|span|font|sub|sup|small|big|mark|code|del|ins|strike|tt|img){_ATTRIBUTES}>",
    re.IGNORECASE,
)
_SOUND = re.compile(r"\[sound:[^\[\]]*\]")
ENTITY = re.compile(r"&(#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});")


def declared(remarks: Iterable[str]) -> bool | None:
    """Whether the lines above a table say that its cells are HTML; None where they say nothing of it."""
    said = next(filter(None, map(_DECLARED.match, remarks)), None)
    return None if said is None else said[1].lower() == "true"


def in_most(cells: Iterable[str]) -> bool:
    """Whether most cells, of those that are not empty, show that they are HTML."""
    full = [cell for cell in cells if cell.strip()]
    return 2 * sum(stripped(cell) != cell for cell in full) > len(full)


def stripped(cell: str) -> str:
    """A cell without tags and sounds, its entities as what they stand for; a "<" or "&" that is neither stays."""
    if "<" in cell:
        cell = _INSIDE.sub("", _PARTING.sub(" ", cell))
    if "[" in cell:
        cell = _SOUND.sub(" ", cell)
    return ENTITY.sub(_character, cell) if "&" in cell else cell


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]) if entity[1][0] == "#" or f"{entity[1]};" in html.entities.html5 else entity[0]
