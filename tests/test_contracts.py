"""Who may import what, where import contracts do not reach: the pages."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_PAGE = 100  # lines


def test_pages_import_neither_torch_nor_altair_nor_what_needs_torch():
    for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]:
        for name in _imported(path):
            assert not name.startswith(("torch", "altair", "rnnviz.nn")), f"{path.name} imports {name}"


def test_pages_are_thin():
    for path in (ROOT / "pages").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_PAGE, path.name


def test_all_that_the_pages_import_leaves_torch_alone():
    code = "import sys, app, pages._ui.frame.shell, rnnviz.engine.client; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names
