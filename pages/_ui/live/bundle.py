"""The browser's code of `assets/stage` as one module: it travels inside a component, so it can import nothing."""

import functools
import json
import re
from typing import Any

from pages._ui.session.streamlit_internals import vega_chunk
from pages._ui.widgets.prose import ASSETS
from rnnviz.charts.scales import palettes

FOLDER = ASSETS / "stage"
ENTRY, CONFIG = "hub.js", "config.js"
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_INDENT = re.compile(r"^ +", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?://[^\n]*|/\*\*.*?\*/)\n", re.MULTILINE | re.DOTALL)


@functools.cache
def code() -> str:
    """All modules, each before those that import it, with what Python tells them; their comments stay behind."""
    modules = [_module(name) for name in _in_order(ENTRY) if name != ENTRY]
    return "\n".join(["const modules = {};", *modules, _plain(ENTRY)])


def _in_order(entry: str, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Names of the modules that `entry` needs and that have not been `seen`, itself last."""
    for _, name in _IMPORT.findall(_text(entry)):
        if name not in seen:
            seen = _in_order(name, seen)
    return (*seen, entry)


def _style() -> str:
    """All style sheets, the stage's own first."""
    names = sorted((path.name for path in FOLDER.glob("*.css")), key=lambda name: (name != "stage.css", name))
    return "\n".join(_text(name) for name in names)


@functools.cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _module(name: str) -> str:
    """A module as a function of its own, so that names within it are its own."""
    text = _config() if name == CONFIG else _plain(name)
    exported = ", ".join(found for _, found in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", text)
    return f'modules["{name}"] = (() => {{\n{body}return {{ {exported} }};\n}})();'


def _plain(name: str) -> str:
    """A module's text without comments and indentation; it takes what it imports from the modules before it."""
    linked = _IMPORT.sub(r'const \1 = modules["\2"];\n', _text(name))
    return _INDENT.sub("", _COMMENT.sub("", linked))


def _config() -> str:
    told: dict[str, Any] = {"palettes": palettes(), "vega": vega_chunk(), "css": _style()}
    return f"export const CONFIG = {json.dumps(told)};\n"
