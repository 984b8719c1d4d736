"""The browser's code: its rooms, what imports what, and how it becomes one module."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pages._ui.live import bundle

# A module imports from its own room and from the floors below it; rooms of one floor do not know each other.
FLOORS = [
    {"hub.js"},
    {"board.js", "byhand"},
    {"bar", "anatomy", "applications", "architectures", "attention", "hopfield", "inspect"},
    {"writer"},
    {"parts", "drawing", "roads"},
    {"guess"},
    {"view"},
    {"kit"},
]
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
NAMES = sorted(path.relative_to(bundle.FOLDER).as_posix() for path in bundle.FOLDER.rglob("*.js"))


def text(name: str) -> str:
    return (bundle.FOLDER / name).read_text(encoding="utf-8")


def made(folder: Path, **texts: str) -> Path:
    """A folder of modules: `a_b` is the file a/b.js."""
    for name, lines in texts.items():
        path = folder / f"{name.replace('_', '/')}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lines, encoding="utf-8")
    return folder


def test_all_modules_are_in_it_each_before_those_that_need_it() -> None:
    order = re.findall(r'^modules\["([\w./]+)"\] = ', bundle.code(), re.MULTILINE)
    assert sorted([*order, bundle.ENTRY]) == NAMES, "each file of the folder is used, and once"
    for place, name in enumerate(order):
        assert set(bundle.imports(bundle.FOLDER, name).values()) <= set(order[:place]), name


def test_each_room_knows_only_those_on_floors_below() -> None:
    room = {name: name.partition("/")[0] for name in NAMES}
    assert set(room.values()) == set(FLOOR)
    for name in NAMES:
        for needed in bundle.imports(bundle.FOLDER, name).values():
            assert room[needed] == room[name] or FLOOR[room[needed]] > FLOOR[room[name]], f"{name} imports {needed}"


def test_nothing_is_imported_any_more_and_one_thing_exported() -> None:
    code = bundle.code()
    assert not re.search(r"^\s*import\b(?!\()", code, re.MULTILINE)
    assert re.findall(r"^export .*", code, re.MULTILINE) == [
        "export default function mount({ parentElement, data, setStateValue, setTriggerValue }) {"
    ]


def test_every_import_is_of_something_exported() -> None:
    exported = {name: {found for _, found in bundle._EXPORT.findall(text(name))} for name in NAMES}
    for name in NAMES:
        found, paths = bundle._IMPORT.findall(text(name)), bundle.imports(bundle.FOLDER, name)
        assert len(re.findall("^import ", text(name), re.MULTILINE)) == len(found), name
        for names, path in found:
            wanted = {one.strip() for one in names.strip("{} ").split(",") if one.strip()}
            missing = wanted - exported[paths[path]]
            assert not missing, f"{name} wants {missing} of {path}"


def test_paths_lead_from_the_module_that_imports(tmp_path: Path) -> None:
    folder = made(
        tmp_path,
        top='import { room } from "./a/room.js";\nexport default () => room;\n',
        a_room='import { tool } from "../b/tool.js";\nimport { twin } from "./twin.js";\nexport const room = twin;\n',
        a_twin='import { tool } from "../b/tool.js";\nexport const twin = tool;\n',
        b_tool="export const tool = 1;\n",
    )
    assert bundle.in_order(folder, "top.js") == ("b/tool.js", "a/twin.js", "a/room.js", "top.js")
    code = bundle.join(folder, "top.js", {"b/tool.js": "export const tool = 2;\n"})
    assert code.count('const { tool } = modules["b/tool.js"];') == 2
    assert "const tool = 2;" in code and "const tool = 1;" not in code
    assert code.endswith('const { room } = modules["a/room.js"];\nexport default () => room;\n')


@pytest.mark.parametrize("path", ["./gone.js", "../a.js", "../../elsewhere.js", "../room"])
def test_an_import_of_no_file_says_who_wants_what(tmp_path: Path, path: str) -> None:
    made(tmp_path, elsewhere="")
    folder = made(
        tmp_path / "stage", top='import { b } from "./room/b.js";\n', room_b=f'import {{ c }} from "{path}";\n'
    )
    with pytest.raises(FileNotFoundError, match=f'^room/b.js imports "{re.escape(path)}", but there is no file '):
        bundle.in_order(folder, "top.js")


def test_a_circle_is_said(tmp_path: Path) -> None:
    folder = made(
        tmp_path,
        top='import { a } from "./a/one.js";\n',
        a_one='import { b } from "../b/two.js";\nexport const a = 1;\n',
        b_two='import { a } from "../a/one.js";\nexport const b = 1;\n',
    )
    with pytest.raises(ValueError, match=re.escape("in a circle: a/one.js → b/two.js → a/one.js")):
        bundle.in_order(folder, "top.js")


def test_every_style_sheet_is_carried_the_stages_own_first() -> None:
    (told,) = re.findall(r"^const CONFIG = (.*);$", bundle.code(), re.MULTILINE)
    style = json.loads(told)["css"]
    sheets = [path.read_text(encoding="utf-8") for path in bundle.FOLDER.rglob("*.css")]
    assert all(sheet in style for sheet in sheets)
    assert style.startswith(text("stage.css")) and len(style) == sum(map(len, sheets)) + len(sheets) - 1


def test_no_text_becomes_markup() -> None:
    ways = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "eval(",
        "Function(",
    )
    for name in NAMES:
        for way in ways:
            assert way not in text(name).replace("new Function", "Function"), f"{name}: {way}"


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here")
def test_it_is_a_module_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "stage.mjs"
    path.write_text(bundle.code(), encoding="utf-8")
    subprocess.run(["node", "--check", str(path)], check=True, timeout=60)
