"""Which implementation of a cell a module or a spec has: the only place that looks."""

import importlib
import itertools
from collections.abc import Mapping
from typing import Any

from torch import nn

from rnnviz.cells import CELLS
from rnnviz.nn.cells.kind import Kind

KINDS: dict[str, tuple[Kind[Any], ...]] = {  # cell → its implementations; the first where no option says otherwise
    name: importlib.import_module(f"rnnviz.nn.cells.{name}").KINDS for name in CELLS
}
_WRAPPERS = ("module", "_orig_mod")  # what data parallel training and `torch.compile` call what they hold


def every() -> list[Kind[Any]]:
    """All implementations of all cells."""
    return [*itertools.chain.from_iterable(KINDS.values())]


def kind_for(cell: str, options: Mapping[str, Any]) -> Kind[Any]:
    """The implementation of a cell with these options, of which others may be among them: `vars` of a spec will do."""
    found = next(
        kind for kind in KINDS[cell] if all(options.get(name, value) == value for name, value in kind.options.items())
    )
    return found.fitted(options)


def find_kind(module: Any) -> Kind[Any] | None:
    """How the cell of a module is computed; None if it holds no recurrent layers of ours or of torch's own."""
    own = getattr(module, "kind", None)
    if isinstance(own, Kind):
        return own
    for kind in every():
        torchs = kind.torchs
        if torchs is not None and isinstance(module, torchs.module) and module.mode == torchs.mode:
            return kind
    return None


def kind_of(module: nn.Module) -> Kind[Any]:
    """The same, where there must be one.

    Raises:
        ValueError: there is none.
    """
    kind = find_kind(module)
    if kind is None:
        inside = next((name for name in _WRAPPERS if find_kind(getattr(module, name, None)) is not None), "")
        more = f", whose `{inside}` is one" if inside else ""
        raise ValueError(f"module must be a {torchs_own()}; got {type(module).__name__}{more}.")
    return kind


def kind_of_step(cell: nn.RNNCellBase) -> Kind[Any]:
    """How a module of torch's that takes a single time step is computed.

    Raises:
        ValueError: nobody knows.
    """
    for kind in every():
        torchs = kind.torchs
        if torchs is None or not isinstance(cell, torchs.step):
            continue
        if all(getattr(cell, name, value) == value for name, value in torchs.arguments.items()):
            return kind
    known = dict.fromkeys(kind.torchs.step.__name__ for kind in every() if kind.torchs is not None)
    raise ValueError(f"module must be a torch.nn.{', '.join(known)}; got {type(cell).__name__}.")


def torchs_own() -> str:
    """Torch's own modules of which the cell is known, in words: "torch.nn.RNN, LSTM or GRU"."""
    found = (kind.torchs.module.__name__ for kind in every() if kind.torchs is not None)
    *first, last = dict.fromkeys(found)
    return f"torch.nn.{', '.join(first)} or {last}"


def is_ours(module: nn.Module) -> bool:
    """Whether a module is one of ours, whose layers run here on a CPU; else it is torch's own."""
    return isinstance(getattr(module, "kind", None), Kind)


def choices(option: str) -> tuple[Any, ...]:
    """Every value that an option of some cell has an implementation for."""
    return tuple(kind.options[option] for kind in every() if option in kind.options)
