"""Where everything stands in the diagram of a cell: its parts and wires as small tables, laid out as textbooks do.

Across, 0 to 100 is the width of the picture; down, pixels from its top. A wire carries the value whose name it bears;
wires without one carry whole vectors, from which every unit takes its own sum.
"""

import dataclasses

from rnnviz.specs.models import ModelSpec

HEIGHT = 444  # pixels
PORT, BOX, SMALL, RADIUS = 30, 36, 30, 13  # pixels from the middle of a part to its side; a box's grow with the picture
PORT_HIGH, BOX_HIGH = 23, 24  # pixels from the middle of a part to its upper edge
Point = tuple[float, float, float, float]  # across, pixels from there, the same but growing with the picture, down


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
    """

    parts: tuple[Part, ...]
    wires: tuple[Wire, ...]
    sum: tuple[str, tuple[str, ...]]
    dots: tuple[tuple[float, float], ...]
    frame: tuple[float, float, float, float]


def _at(across: float, down: float, pixels: float = 0, growing: float = 0) -> Point:
    return (across, pixels, growing, down)


def _ports(*ports: tuple[str, str, float, float]) -> tuple[Part, ...]:
    return tuple(Part(name, value, "port", across, down) for name, value, across, down in ports)


_TOP, _BUS, _FOOT, _HEAD = 108, 332, 417, 26  # pixels down: the line of the state, that of the inputs, x_t, y_t
_GATES = 266
_LOW = 362  # where x_t runs to the candidate of a GRU alone
_IN, _OUT = 6, 94  # across: where states come in and go out
_UNDER = _BUS - 20  # where the sum of a gate is written


def _readout(across: float, line: float) -> tuple[Part, Wire]:
    part = Part("yₜ", "y", "port", across, _HEAD)
    return part, Wire("", (_at(across, line), _at(across, _HEAD + PORT_HIGH + 1)))


def _into_gate(letter: str, across: float) -> Wire:
    """The sum of a gate, from the line of the inputs."""
    end = _at(across, _GATES + BOX_HIGH + 1)
    return Wire(f"a_{letter}", (_at(across, _BUS), end), label=_at(across, _UNDER, 5))


def _rnn(phi: str) -> Wiring:
    line, plus = 218.0, 44
    y, up = _readout(80, line)
    parts = (
        *_ports(("hₜ₋₁", "h0", _IN, line), ("xₜ", "x", plus, _FOOT), ("hₜ", "h", _OUT, line), ("b", "b", plus, 122)),
        Part("W h", "h_h", "box", 26, line, "W hₜ₋₁"),
        Part("W x", "h_x", "box", plus, 312, "W xₜ"),
        Part("+", "", "sign", plus, line),
        Part(phi, "h", "box", 63, line),
        y,
    )
    wires = (
        Wire("", (_at(_IN, line), _at(26, line, 0, -BOX))),
        Wire("", (_at(plus, _FOOT), _at(plus, 312 + BOX_HIGH + 1))),
        Wire("h_h", (_at(26, line), _at(plus, line, -RADIUS))),
        Wire("h_x", (_at(plus, 312), _at(plus, line + RADIUS))),
        Wire("b", (_at(plus, 122), _at(plus, line - RADIUS))),
        Wire("a_h", (_at(plus, line), _at(63, line, 0, -BOX)), label=_at((plus + 59) / 2, line - 15, -14)),
        Wire("h", (_at(63, line), _at(_OUT, line, 0, -PORT))),
        up,
    )
    return Wiring(parts, wires, ("a_h", ("h_h", "h_x", "b")), ((80, line),), (14, 87, 76, 362))


def _lstm() -> Wiring:
    forget, write, candidate, out, show, up_at = 23, 36.5, 50, 63.5, 75.5, 84.5
    squash, shown, written = 164, 222, 186
    y, up = _readout(up_at, _BUS)
    parts = (
        *_ports(("cₜ₋₁", "c0", _IN, _TOP), ("hₜ₋₁", "h0", _IN, _BUS), ("xₜ", "x", 18, _FOOT)),
        *_ports(("cₜ", "c", _OUT, _TOP), ("hₜ", "h", _OUT, _BUS)),
        Part("fₜ", "f", "gate", forget, _GATES, "fₜ = σ(·)"),
        Part("iₜ", "i", "gate", write, _GATES, "iₜ = σ(·)"),
        Part("c̃ₜ", "g", "box", candidate, _GATES, "c̃ₜ = tanh(·)"),
        Part("oₜ", "o", "gate", out, _GATES, "oₜ = σ(·)"),
        Part("tanh", "shown", "box", show, squash, "tanh(cₜ)"),
        *(Part("×", "", "sign", *place) for place in ((forget, _TOP), (candidate, written), (show, shown))),
        Part("+", "", "sign", candidate, _TOP),
        y,
    )
    above = _GATES - BOX_HIGH
    wires = (
        Wire("", (_at(_IN, _BUS), _at(out, _BUS)), arrow=False),
        Wire("", (_at(18, _FOOT), _at(18, _BUS)), arrow=False),
        Wire("c0", (_at(_IN, _TOP), _at(forget, _TOP, -RADIUS))),
        Wire("kept", (_at(forget, _TOP), _at(candidate, _TOP, -RADIUS)), label=_at(write, _TOP - 15, -14)),
        Wire("c", (_at(candidate, _TOP), _at(_OUT, _TOP, 0, -PORT))),
        *(_into_gate(letter, at) for letter, at in (("f", forget), ("i", write), ("g", candidate), ("o", out))),
        Wire("f", (_at(forget, above), _at(forget, _TOP + RADIUS)), gate=True),
        Wire("i", (_at(write, above), _at(write, written), _at(candidate, written, -RADIUS)), gate=True),
        Wire("g", (_at(candidate, above), _at(candidate, written + RADIUS))),
        Wire("written", (_at(candidate, written), _at(candidate, _TOP + RADIUS)), label=_at(candidate, 148, 6)),
        Wire("o", (_at(out, above), _at(out, shown), _at(show, shown, -RADIUS)), gate=True),
        Wire("c", (_at(show, _TOP), _at(show, squash - BOX_HIGH - 1))),
        Wire("shown", (_at(show, squash), _at(show, shown - RADIUS))),
        Wire("h", (_at(show, shown), _at(show, _BUS), _at(_OUT, _BUS, 0, -PORT))),
        up,
    )
    dots = ((18, _BUS), *((at, _BUS) for at in (forget, write, candidate)), (show, _TOP), (up_at, _BUS))
    return Wiring(parts, wires, ("c", ("kept", "written")), dots, (13, 88, 66, 368))


def _reset(before: bool, path: tuple[Point, ...], candidate: float) -> tuple[Wire, ...]:
    """From the reset gate to the candidate; before the product that is all units, and then one sum of them."""
    end, label = _at(candidate, _GATES, 0, -BOX), _at(path[-1][0], 232, 5)
    if not before:
        return (Wire("reset", (*path, end), label=label),)
    return (Wire("", path, arrow=False), Wire("regained", (path[-1], end), label=label))


def _gru(before: bool, z_updates: bool) -> Wiring:
    reset, keep, candidate, update = 27, 42, 57, 76
    through, taken, kept, aside = 198, 190, 147, 40
    y, up = _readout(80, _TOP)
    turned = (update + candidate) / 2
    parts = (
        *_ports(("hₜ₋₁", "h0", _IN, _TOP), ("xₜ", "x", 20, _FOOT), ("hₜ", "h", _OUT, _TOP)),
        Part("rₜ", "r", "gate", reset, _GATES, "rₜ = σ(·)"),
        Part("h̃ₜ", "n", "box", candidate, _GATES, "h̃ₜ = tanh(·)"),
        Part("zₜ", "z", "gate", update, _GATES, "zₜ = σ(·)"),
        *(Part("×", "", "sign", *place) for place in ((reset, through), (keep, _TOP), (candidate, taken))),
        Part("+", "", "sign", candidate, _TOP),
        Part("1−", "", "sign", turned, kept if z_updates else taken),
        y,
        *(() if before else (Part("W h", "product", "box", reset, 152, "W hₜ₋₁ + b"),)),
    )
    above, old, new = _GATES - BOX_HIGH, "turned" if z_updates else "z", "z" if z_updates else "turned"
    into_reset = "h0" if before else "product"
    wires = (
        Wire("", (_at(14.5, _TOP), _at(14.5, _BUS), _at(update, _BUS)), arrow=False),
        Wire("", (_at(20, _FOOT), _at(20, _BUS)), arrow=False),
        Wire("read", (_at(20, _LOW), _at(candidate, _LOW), _at(candidate, _GATES + BOX_HIGH + 1)),
             label=_at(candidate, _UNDER, 5)),
        Wire("h0", (_at(_IN, _TOP), _at(keep, _TOP, -RADIUS))),
        Wire(into_reset, (_at(reset, _TOP), _at(reset, through - RADIUS))),
        _into_gate("r", reset),
        _into_gate("z", update),
        Wire("r", (_at(reset, above), _at(reset, through + RADIUS)), gate=True),
        *_reset(before, (_at(reset, through), _at(aside, through), _at(aside, _GATES)), candidate),
        Wire("n", (_at(candidate, above), _at(candidate, taken + RADIUS))),
        Wire("z", (_at(update, above), _at(update, taken)), gate=True, arrow=False),
        Wire("z", (_at(update, taken), _at(turned, taken)), gate=True, arrow=False),
        Wire(new, (_at(turned, taken), _at(candidate, taken, RADIUS)), gate=True),
        Wire("z", (_at(update, taken), _at(update, kept), _at(turned, kept)), gate=True, arrow=False),
        Wire(old, (_at(turned, kept), _at(keep, kept), _at(keep, _TOP + RADIUS)), gate=True),
        Wire("written", (_at(candidate, taken), _at(candidate, _TOP + RADIUS)), label=_at(candidate, 168, 6)),
        Wire("kept", (_at(keep, _TOP), _at(candidate, _TOP, -RADIUS)),
             label=_at((keep + candidate) / 2, _TOP - 15, -14)),
        Wire("h", (_at(candidate, _TOP), _at(_OUT, _TOP, 0, -PORT))),
        up,
    )  # fmt: skip
    dots = ((14.5, _TOP), (reset, _TOP), (20, _BUS), (20, _LOW), (reset, _BUS), (update, taken), (80, _TOP))
    return Wiring(parts, wires, ("h", ("kept", "written")), dots, (12.5, 88, 66, 378))


WIRINGS = {
    "rnn-tanh": _rnn("tanh"),
    "rnn-relu": _rnn("ReLU"),
    "rnn-sigmoid": _rnn("σ"),
    "lstm": _lstm(),
    "gru-after": _gru(before=False, z_updates=False),
    "gru-before": _gru(before=True, z_updates=False),
    "gru-after-z-updates": _gru(before=False, z_updates=True),
    "gru-before-z-updates": _gru(before=True, z_updates=True),
}


def kind(spec: ModelSpec, z_updates: bool = False) -> str:
    """Which of `WIRINGS` is that of a model's cell; `z_updates` is a reading of the GRU alone."""
    if spec.cell == "rnn":
        return f"rnn-{spec.activation}"
    return spec.cell if spec.cell == "lstm" else f"gru-{spec.reset}" + "-z-updates" * z_updates
