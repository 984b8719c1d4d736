"""The recurrent cells, one description each: found in the files of this package, in the order of their places."""

import importlib
import pkgutil
from collections.abc import Iterable

from rnnviz.cells.block import OPEN_SHUT, RANGES, Block, State
from rnnviz.cells.cell import Cell, Option, Vector
from rnnviz.cells.diagram import Wiring


def _found() -> dict[str, Cell]:
    modules = [importlib.import_module(f"{__name__}.{file.name}") for file in pkgutil.iter_modules(__path__)]
    cells = [module.CELL for module in modules if hasattr(module, "CELL")]
    return {cell.name: cell for cell in sorted(cells, key=lambda cell: cell.place)}


CELLS: dict[str, Cell] = _found()


def part(name: str) -> State | Block:
    """What a variable of a trace is, in whichever cell.

    Raises:
        KeyError: no cell has such a variable.
    """
    for cell in CELLS.values():
        for one in cell.parts:
            if one.name == name:
                return one
    raise KeyError(name)


def title(name: str) -> str:
    """A variable of a trace in words."""
    return part(name).title


def gate(name: str) -> Block | None:
    """The gate that is a variable of a trace; None where that is a candidate or a state."""
    one = part(name)
    return one if isinstance(one, Block) and one.is_gate else None


def keeps(name: str) -> bool:
    """Whether a variable of a trace is a gate whose 1 keeps the old state."""
    one = gate(name)
    return one is not None and one.role == "keeps"


def state_names(cells: Iterable[str] | None = None) -> tuple[str, ...]:
    """The states of some cells, or of all, from the top of a picture."""
    return tuple(dict.fromkeys(state.name for cell in _in_order(cells) for state in cell.states))


def shown_names(cells: Iterable[str] | None = None) -> tuple[str, ...]:
    """Gates and candidates of some cells, or of all, from the top of a picture: what is signed first."""
    blocks = {block.name: block for cell in _in_order(cells) for block in cell.shown}
    return tuple(sorted(blocks, key=lambda name: blocks[name].is_gate))


def gate_names(cells: Iterable[str] | None = None) -> tuple[str, ...]:
    """The gates among them."""
    return tuple(name for name in shown_names(cells) if gate(name))


def wiring(kind: str) -> Wiring:
    """The diagram with a name that `Cell.kind` gives.

    Raises:
        KeyError: there is no such diagram.
    """
    return {name: one for cell in CELLS.values() for name, one in cell.wirings.items()}[kind]


def option(name: str) -> Option:
    """What the cells that have an option say of it.

    Raises:
        KeyError: no cell has it.
    """
    return {one.name: one for cell in CELLS.values() for one in cell.settings}[name]


def _in_order(names: Iterable[str] | None) -> list[Cell]:
    wanted = CELLS if names is None else set(names)
    return sorted((CELLS[name] for name in wanted), key=lambda cell: cell.place)


__all__ = [
    "CELLS",
    "OPEN_SHUT",
    "RANGES",
    "Block",
    "Cell",
    "Option",
    "State",
    "Vector",
    "gate",
    "gate_names",
    "keeps",
    "option",
    "part",
    "shown_names",
    "state_names",
    "title",
    "wiring",
]
