"""Every notebook that is shipped runs from its first cell to its last, and shows what its words say."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "assets" / "examples").glob("*.ipynb"))


def run_cells(path: Path) -> tuple[dict[str, Any], list[Any]]:
    """Run a notebook's code in one namespace; returns it, and the value of every cell that ends with an expression."""
    names: dict[str, Any] = {}
    shown = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), names)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), path.name, "eval"), names))
    return names, shown


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_holds_no_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4 and path.stat().st_size < 50_000
    assert all(
        not cell["outputs"] and cell["execution_count"] is None for cell in notebook["cells"] if "outputs" in cell
    )
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])


def test_your_own_model() -> None:
    (path,) = [path for path in EXAMPLES if path.stem == "your_own_model"]
    names, shown = run_cells(path)
    (first, last), norms, gates, (_, better), opened, forget, difference, flow, stretch, checkpoint = shown
    assert abs(last - 1.386) < 0.1 and abs(first - 1.386) < 0.1 and better < 0.5
    assert list(norms.index) == list(opened.index) == list(gates.index) == [0, 50, 100, 150]
    assert norms.notna().all(axis=None) and (norms[0] < 1e-3 * norms[14]).all() and opened[0][0] > 0.01 * opened[14][0]
    assert list(gates.columns) == ["forget_gate", "input_gate", "output_gate"] and (gates.forget_gate < 0.6).all()
    assert len(forget) == len(flow) == len(stretch) == 8
    assert difference < 1e-6
    assert list(checkpoint) == ["lstm"] and checkpoint["lstm"].hidden_size == 24
    assert not names["recorder"].notes and not names["model"].lstm._forward_hooks
