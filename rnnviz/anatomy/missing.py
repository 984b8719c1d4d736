"""What is said of a cell whose description leaves something out."""

from rnnviz.cells import Cell


def diagram(cell: Cell) -> str:
    """In place of its diagram."""
    return f"There is no diagram of the {cell.within} yet."


def equations(cell: Cell) -> str:
    """In place of its equations."""
    return f"The equations of the {cell.within} are not told yet."
