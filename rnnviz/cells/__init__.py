"""The recurrent cells, one description each: found in the files of this package, in the order of their places."""

import importlib
import pkgutil

from rnnviz.cells.cell import Block, Cell, State


def _found() -> dict[str, Cell]:
    modules = [importlib.import_module(f"{__name__}.{file.name}") for file in pkgutil.iter_modules(__path__)]
    cells = [module.CELL for module in modules if hasattr(module, "CELL")]
    return {cell.name: cell for cell in sorted(cells, key=lambda cell: cell.place)}


CELLS: dict[str, Cell] = _found()
TITLES: dict[str, str] = {  # variable of a trace → in words
    name: title for cell in CELLS.values() for name, title in cell.titles.items()
}

__all__ = ["CELLS", "TITLES", "Block", "Cell", "State"]
