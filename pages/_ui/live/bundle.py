"""The browser's code of `assets/stage` as one module: it travels inside a component, so it can import nothing."""

import functools
import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pages._ui.session.streamlit_internals import vega_chunk
from pages._ui.widgets.prose import ASSETS
from rnnviz.charts.scales import palettes

FOLDER = ASSETS / "stage"
ENTRY, CONFIG = "hub.js", "kit/config.js"
_STYLE = "stage.css"
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.{1,2}/[\w./]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_INDENT = re.compile(r"^ +", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?://[^\n]*|/\*\*.*?\*/)\n", re.MULTILINE | re.DOTALL)


@functools.cache
def code() -> str:
    """All modules with what Python tells them; their comments stay behind."""
    return join(FOLDER, ENTRY, {CONFIG: _config()})


def join(folder: Path, entry: str, instead: Mapping[str, str]) -> str:
    """The module `entry` of a folder behind all that it needs, each module once and before those that import it.

    Modules are named by their paths in the folder. The text of those in `instead` is that. Raises what `in_order` does.
    """
    *needed, last = in_order(folder, entry)
    texts = {name: instead[name] if name in instead else _linked(folder, name) for name in (*needed, last)}
    modules = [_module(name, texts[name]) for name in needed]
    return "\n".join(["const modules = {};", *modules, texts[last]])


def in_order(folder: Path, entry: str) -> tuple[str, ...]:
    """Names of the modules that `entry` needs, each behind those that it imports, `entry` last.

    FileNotFoundError: an import names no file of the folder. ValueError: modules import each other in a circle.
    """
    found: list[str] = []
    _visit(folder, entry, (), found)
    return tuple(found)


def _visit(folder: Path, name: str, above: tuple[str, ...], found: list[str]) -> None:
    """Append `name` behind all that it imports; `above` are its importers, from the entry on."""
    if name in above:
        raise ValueError(f"modules import each other in a circle: {' → '.join((*above[above.index(name) :], name))}")
    if name in found:
        return
    for needed in imports(folder, name).values():
        _visit(folder, needed, (*above, name), found)
    found.append(name)


def imports(folder: Path, name: str) -> dict[str, str]:
    """What a module imports: the path as it stands there, relative to the module → the imported module's name.

    FileNotFoundError: there is no such file in the folder.
    """
    found = {path: _resolved(name, path) for _, path in _IMPORT.findall(_text(folder, name))}
    for path, needed in found.items():
        if needed.startswith("../") or not (folder / needed).is_file():
            raise FileNotFoundError(f'{name} imports "{path}", but there is no file {needed} in {folder}')
    return found


def _resolved(name: str, path: str) -> str:
    """The name of the module to which a path in the module `name` leads, as a browser finds it."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _style() -> str:
    """All style sheets, the stage's own first."""
    names = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.css"))
    return "\n".join(_text(FOLDER, name) for name in sorted(names, key=lambda name: name != _STYLE))


def _text(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def _module(name: str, text: str) -> str:
    """A module as a function of its own, so that names within it are its own."""
    exported = ", ".join(found for _, found in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", text)
    return f'modules["{name}"] = (() => {{\n{body}return {{ {exported} }};\n}})();'


def _linked(folder: Path, name: str) -> str:
    """A module's text without comments and indentation; it takes what it imports from the modules before it."""
    names = imports(folder, name)
    linked = _IMPORT.sub(lambda found: f'const {found[1]} = modules["{names[found[2]]}"];\n', _text(folder, name))
    return _INDENT.sub("", _COMMENT.sub("", linked))


def _config() -> str:
    told: dict[str, Any] = {"palettes": palettes(), "vega": vega_chunk(), "css": _style()}
    return f"export const CONFIG = {json.dumps(told)};\n"
