"""Only the file of a cell knows the cell: nothing else in `rnnviz.nn` names one, imports one or asks for its type."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rnnviz.nn
from rnnviz.cells import CELLS
from rnnviz.nn.cells.lookup import KINDS, every

ROOT = Path(rnnviz.nn.__file__).parent


def named(path: Path) -> str:
    """The module in a file."""
    return ".".join(["rnnviz.nn", *path.relative_to(ROOT).with_suffix("").parts])


HOMES = {f"rnnviz.nn.cells.{cell}" for cell in KINDS} | {type(kind).__module__ for kind in every()}
REFERENCES = {"rnnviz.nn.bench.placed"}  # the equations of two papers, each of one cell
FILES = [path for path in sorted(ROOT.rglob("*.py")) if named(path) not in HOMES | REFERENCES]
_TORCHS = [kind.torchs for kind in every() if kind.torchs is not None]
CLASSES = {part.__name__ for torchs in _TORCHS for part in (torchs.module, torchs.step)} | {"Gates"}


def told(tree: ast.AST) -> Iterator[str]:
    """What a file should not say, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in CELLS:
            yield f"line {node.lineno}: the name {node.value!r}"
        if isinstance(node, ast.Attribute) and node.attr in CLASSES:
            yield f"line {node.lineno}: the class {node.attr}"
        if isinstance(node, ast.ImportFrom):
            whole = {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
            yield from (f"line {node.lineno}: {home}" for home in HOMES & whole)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_else_knows_a_cell(path: Path) -> None:
    assert [*told(ast.parse(path.read_text("utf-8")))] == []


def test_what_would_be_wrong_is_found() -> None:
    wrong = "from rnnviz.nn.cells import gru\nif spec.cell == 'lstm' or isinstance(module, nn.GRU): x = lstm.Gates\n"
    assert len([*told(ast.parse(wrong))]) == 4 and len(FILES) > 40
