"""Which room of the pages may do what, where import contracts do not reach."""

import ast
from pathlib import Path

import pytest

from pages._ui.frame import registry
from rnnviz.live.pages import PAGES

UI = Path(__file__).parents[2] / "pages" / "_ui"
MOST_FILES = 20  # of one room, without its `__init__.py`
FILES = sorted(UI.rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(UI).parts[0]


@pytest.mark.parametrize("path", [UI.parent, *(file for file in FILES if _room(file) not in ("session", "widgets"))])
def test_only_session_and_widgets_touch_the_session_state(path: Path) -> None:
    for file in path.glob("*.py") if path.is_dir() else [path]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr == "session_state"), f"{file}:{node.lineno}"


def test_what_streamlit_does_not_promise_is_used_in_one_room() -> None:
    allowed = {UI / "session" / "streamlit_internals.py"}
    for file in [*UI.parent.glob("*.py"), *FILES]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            names = {name} | ({alias.name for alias in node.names} if isinstance(node, ast.Import) else set())
            inside = any(one.startswith(("streamlit.", "google.protobuf")) for one in names)
            assert not inside or file in allowed, f"{file}:{node.lineno}"  # type: ignore[attr-defined]


def test_no_room_is_crowded() -> None:
    for folder in {file.parent for file in FILES}:
        assert len(list(folder.glob("*.py"))) <= MOST_FILES + 1, folder


def test_every_page_is_registered_under_its_own_path_and_importing_one_draws_nothing() -> None:
    specs = registry.pages()
    files = {file.stem for file in UI.parent.glob("*.py")} - {"__init__", "navigation"}
    assert set(specs) == files
    assert [name for name, spec in specs.items() if spec.path == registry.FIRST] == ["compare"]
    assert all(spec.path == name for name, spec in specs.items() if spec.path != registry.FIRST)
    assert len({spec.order for spec in specs.values()}) == len(specs)
    for name in files:
        calls = ast.parse((UI.parent / f"{name}.py").read_text(encoding="utf-8")).body
        assert not [node for node in calls if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)], name


def test_every_page_of_a_run_says_what_its_stage_shows() -> None:
    shown = {spec.view for spec in registry.pages().values() if spec.needs is not registry.Need.NOTHING}
    assert shown <= set(PAGES), f"add a line to PAGES of rnnviz/live/pages.py for {shown - set(PAGES)}"
