"""How often a model takes which class for which, as a table."""

from collections.abc import Sequence

import numpy as np

from pages._ui.widgets import tables
from rnnviz.charts.theme import style_of

NARROW = 4  # classes up to which three models fit beside each other


def show(label: str, confusion: np.ndarray, names: Sequence[str], key: str) -> None:
    """Rows what is right, columns what is answered; the darker a cell, the larger its share of the row.

    confusion: (right class, answered class), counts.
    names:     of the classes.
    """
    written = [tables.safe(name) for name in names]
    tables.table(
        ("right ↓ answered →", *(_above(one, len(written)) for one in written)),
        [(name, _shaded(row)) for name, row in zip(written, confusion, strict=True)],
        key,
        about=f"How often the {style_of(label).name} takes which class for which",
    )


def _above(name: str, count: int) -> str:
    """The name of a column, turned where so many would not fit beside each other."""
    return f'<span class="turned">{name}</span>' if count > NARROW else name


def _shaded(row: np.ndarray) -> tuple[str, ...]:
    total = max(1, int(row.sum()))
    return tuple(f'<span class="share" style="--share:{count / total:.3f}">{count:,}</span>' for count in row)
