"""Who may import what, where import contracts do not reach: the pages. How large files and folders may be."""

import ast
import collections
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_PAGE = 100  # lines
LONGEST_FILE = 300  # lines of code
MOST_FILES = 20  # in a folder,
ONE_EACH = ("assets/measured", "assets/measured/texts")  # but where every task has one of its own
CODE = (".py", ".js", ".css")


def test_pages_import_neither_torch_nor_altair_nor_what_needs_torch() -> None:
    for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]:
        for name in _imported(path):
            assert not name.startswith(("torch", "altair", "rnnviz.nn")), f"{path.name} imports {name}"


def test_pages_are_thin() -> None:
    for path in (ROOT / "pages").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_PAGE, path.name


def test_all_that_the_pages_import_leaves_torch_alone() -> None:
    code = "import sys, app, pages._ui.frame.shell, rnnviz.engine.client; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no repository, so nobody can tell which files are its own")
def test_no_file_is_long_and_no_folder_full() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    paths = [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    lengths = {str(path): _lines(path) for path in paths if path.suffix in CODE}
    sizes = collections.Counter(str(path.parent) for path in paths)
    long = {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE}
    full = {folder: files for folder, files in sizes.items() if files > MOST_FILES and folder not in ONE_EACH}
    assert not long, f"more than {LONGEST_FILE} lines: {long}"
    assert not full, f"more than {MOST_FILES} files: {full}"


def _lines(path: Path) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names
