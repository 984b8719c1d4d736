"""Which tensors of a file are the parameters of one recurrent layer, and what else stands beside them.

torch calls them `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, one layer higher `_l1`, and with `_reverse`
behind for the direction from the end; those of a single cell, such as `nn.LSTMCell`, have no `_l0`. One `bias` in place
of two is their sum.
"""

import dataclasses
import re
from collections.abc import Mapping

from torch import Tensor

from rnnviz.core import limits
from rnnviz.core.errors import shown
from rnnviz.nn.checkpoints.contents import Unreadable

_PARAMETER = re.compile(
    r"(?P<of>(?:.*\.)?)(?P<what>(?:weight|bias)_(?:ih|hh|hr)|bias)(?:_l(?P<level>\d{1,3})(?P<back>_reverse)?)?",
    re.DOTALL,
)

Place = tuple[str, int, bool]  # such as ("weight_ih", 0, False): what it is, its level, whether it is of `_reverse`


@dataclasses.dataclass
class Group:
    """The tensors of one recurrent layer or stack of them.

    of:      what stands in front of their names, such as "encoder.lstm."; "" for nothing.
    weights: its parameters.
    unread:  what of them cannot be read, and why.
    names:   how the file calls all these.
    twice:   the name of a parameter that stands twice in it.
    cell:    whether it is a single cell, whose loop over time is not in the file.
    beside:  names of all other tensors below its prefix.
    inner:   names of other recurrent layers below its prefix.
    around:  of a cell, the modules that stand next to it, each with the names of its tensors.
    """

    of: str
    weights: dict[Place, Tensor] = dataclasses.field(default_factory=dict)
    unread: dict[Place, str] = dataclasses.field(default_factory=dict)
    names: dict[Place, str] = dataclasses.field(default_factory=dict)
    twice: str = ""
    cell: bool = False
    beside: list[str] = dataclasses.field(default_factory=list)
    inner: list[str] = dataclasses.field(default_factory=list)
    around: dict[str, list[str]] = dataclasses.field(default_factory=dict)

    @property
    def which(self) -> str:
        """Its name in a message."""
        return shown(self.of.rstrip(".")) if self.of else "it"

    @property
    def widths(self) -> set[int]:
        """How many numbers it reads, as far as its weights by its input tell."""
        first = self.weights.get(("weight_ih", 0, False))
        return {first.shape[1]} if first is not None and first.dim() == 2 else set()

    def name(self, place: Place) -> str:
        """The name of one of its parameters: as it is in the file, or as it would be."""
        return self.names.get(place, of_place(self.of, place))


def is_parameter(name: str) -> bool:
    """Whether a tensor of this name belongs to a recurrent layer."""
    match = _PARAMETER.fullmatch(name)
    return match is not None and match["what"] != "bias"


def of_place(of: str, place: Place) -> str:
    """The name of a parameter, with its level."""
    what, level, back = place
    return f"{of}{what}_l{level}{'_reverse' if back else ''}"


def groups(tensors: Mapping[str, Tensor], unread: Mapping[str, str]) -> list[Group]:
    """The parameters that belong together, by what stands in front of their names, in the file's order.

    Raises:
        Unreadable: there are too many.
    """
    found: dict[str, Group] = {}
    places = {name: match for name in [*tensors, *unread] if (match := _PARAMETER.fullmatch(name))}
    for match in places.values():
        if match["what"] != "bias":
            found.setdefault(match["of"], Group(match["of"]))
    if len(found) > limits.MOST_STACKS:
        raise Unreadable(f"it has more than {limits.MOST_STACKS} recurrent layers, which are the most")
    others: list[str] = []
    for name in [*tensors, *unread]:
        match = places.get(name)
        if match and match["of"] in found:
            _add(found[match["of"]], name, match, tensors, unread)
        else:
            others.append(name)
    _beside(found, others)
    return [*found.values()]


def _add(
    group: Group, name: str, match: re.Match[str], tensors: Mapping[str, Tensor], unread: Mapping[str, str]
) -> None:
    place = (match["what"], int(match["level"] or 0), bool(match["back"]))
    if place in group.names:
        group.twice = name
    elif name in unread:
        group.unread[place] = unread[name]
    else:
        group.weights[place] = tensors[name]
    group.names.setdefault(place, name)
    group.cell |= match["level"] is None and match["what"] != "bias"


def _beside(found: Mapping[str, Group], names: list[str]) -> None:
    """Put each name to every group whose prefix it has."""
    for name in names:
        parts = name.split(".")
        for count in range(len(parts)):
            of = ".".join([*parts[:count], ""]) if count else ""
            if of in found:
                found[of].beside.append(name)
    for of, group in found.items():
        if group.cell:
            group.around = _around(of, names)
        group.inner = [other.rstrip(".") for other in found if other != of and other.startswith(of)]


def _around(of: str, names: list[str]) -> dict[str, list[str]]:
    """The modules that share their owner with a cell; if that is a list of cells, with the list."""
    parts = of.split(".")[:-1]
    owner = parts[: -2 if len(parts) > 1 and parts[-1].isdigit() else -1]
    next_to = ".".join([*owner, ""]) if owner else ""
    found: dict[str, list[str]] = {}
    for name in names:
        module = name.removeprefix(next_to).split(".")[0]
        if name.startswith(next_to) and module not in parts:
            found.setdefault(module, []).append(name)
    return found
