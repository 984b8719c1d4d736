"""What the diagram of a cell is made of: parts and wires as small tables, and the places that all diagrams share.

Across, 0 to 100 is the width of the picture; down, pixels from its top. A wire carries the value whose name it bears;
wires without one carry whole vectors, from which every unit takes its own sum.
"""

import dataclasses

HEIGHT = 444  # pixels
PORT, BOX, SMALL, RADIUS = 30, 36, 30, 13  # pixels from the middle of a part to its side; a box's grow with the picture
PORT_HIGH, BOX_HIGH = 23, 24  # pixels from the middle of a part to its upper edge
Point = tuple[float, float, float, float]  # across, pixels from there, the same but growing with the picture, down
Rule = tuple[str, ...]  # name of a value, how it is found, and what from
INPUT, OUTPUT = "x", "y"  # what stands there in words: what is read, and what the readout says


@dataclasses.dataclass(frozen=True)
class Part:
    """Something that takes values and gives one.

    name:  its sign or symbol; on a wide picture `long` takes its place.
    value: the name of the value that it shows; "" for a sign alone.
    kind:  "port" (where values come in and go out), "gate" (0 to 1), "box" (signed) or "sign".
    """

    name: str
    value: str
    kind: str
    across: float
    down: float
    long: str = ""


@dataclasses.dataclass(frozen=True)
class Wire:
    """A path from one part to another.

    value: what it carries; "" for whole vectors.
    gate:  whether that lies between 0 and 1.
    label: where its value is written, if that stands in none of the parts at its ends.
    """

    value: str
    path: tuple[Point, ...]
    gate: bool = False
    arrow: bool = True
    label: Point | None = None


@dataclasses.dataclass(frozen=True)
class Wiring:
    """The diagram of one kind of cell.

    sum:   the value behind the + and those that it adds.
    dots:  where wires part, across and down.
    frame: left, right, upper and lower edge of the cell.
    rules: how the values that a browser is not told follow from those that it is, in this order: "product" and "sum" of
           all that come behind, "rest" (the first less the second), "tanh", "turned" (1 less it), "minus". The last
           term of a sum is what is missing from its result: both are kept with few digits, and what is shown has to
           add up.
    """

    parts: tuple[Part, ...]
    wires: tuple[Wire, ...]
    sum: tuple[str, tuple[str, ...]]
    dots: tuple[tuple[float, float], ...]
    frame: tuple[float, float, float, float]
    rules: tuple[Rule, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """The values that a browser has to be told, in the order of the wires: all that do not follow from others."""
        derived = {name for name, _, *of in self.rules if name not in of}
        drawn = [*(wire.value for wire in self.wires), *(part.value for part in self.parts)]
        needed = dict.fromkeys([*drawn, *(name for _, _, *of in self.rules for name in of)])
        return tuple(name for name in needed if name not in ("", INPUT, OUTPUT, *derived))


# What diagrams share: pixels down of the line of the state, of that of the inputs, of x_t, of y_t, and of the gates,
TOP, BUS, FOOT, HEAD, GATES = 108, 332, 417, 26, 266
UNDER = BUS - 20  # where the sum of a gate is written,
IN, OUT = 6, 94  # and across, where states come in and go out


def at(across: float, down: float, pixels: float = 0, growing: float = 0) -> Point:
    """A point of a path."""
    return (across, pixels, growing, down)


def ports(*ports: tuple[str, str, float, float]) -> tuple[Part, ...]:
    """Where values come in and go out: name, value, across and down of each."""
    return tuple(Part(name, value, "port", across, down) for name, value, across, down in ports)


def readout(across: float, line: float) -> tuple[Part, Wire]:
    """The readout at the top, and the wire that leads there from the line of the state."""
    part = Part("yₜ", OUTPUT, "port", across, HEAD)
    return part, Wire("", (at(across, line), at(across, HEAD + PORT_HIGH + 1)))


def into_gate(letter: str, across: float) -> Wire:
    """The sum of a gate, from the line of the inputs."""
    end = at(across, GATES + BOX_HIGH + 1)
    return Wire(f"a_{letter}", (at(across, BUS), end), label=at(across, UNDER, 5))
