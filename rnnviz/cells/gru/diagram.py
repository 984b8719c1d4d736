"""The diagrams of the GRU.

Four: the reset gate after the matrix product or before it, and z as the share that is kept or that is replaced.
"""

from rnnviz.cells.diagram import (
    BOX,
    BOX_HIGH,
    BUS,
    FOOT,
    GATES,
    IN,
    OUT,
    PORT,
    RADIUS,
    TOP,
    UNDER,
    Part,
    Point,
    Rule,
    Wire,
    Wiring,
    at,
    into_gate,
    ports,
    readout,
)

_LOW = 362  # where x_t runs to the candidate alone


def _reset(before: bool, path: tuple[Point, ...], candidate: float) -> tuple[Wire, ...]:
    """From the reset gate to the candidate; before the product that is all units, and then one sum of them."""
    end, label = at(candidate, GATES, 0, -BOX), at(path[-1][0], 232, 5)
    if not before:
        return (Wire("reset", (*path, end), label=label),)
    return (Wire("", path, arrow=False), Wire("regained", (path[-1], end), label=label))


def _rules(before: bool, z_updates: bool) -> tuple[Rule, ...]:
    """What one convention calls z is the other's 1 − z: told is the z that keeps."""
    kept = (("turned", "turned", "z"), ("kept", "product", "z", "h0"), ("written", "rest", "h", "kept"))
    reset = () if before else (("reset", "product", "r", "product"),)
    renamed = (("z", "turned", "z"), ("turned", "turned", "z"), ("a_z", "minus", "a_z")) if z_updates else ()
    return (*kept, *reset, *renamed)


def _wiring(before: bool, z_updates: bool) -> Wiring:
    reset, keep, candidate, update = 27, 42, 57, 76
    through, taken, kept, aside = 198, 190, 147, 40
    y, up = readout(80, TOP)
    turned = (update + candidate) / 2
    parts = (
        *ports(("hₜ₋₁", "h0", IN, TOP), ("xₜ", "x", 20, FOOT), ("hₜ", "h", OUT, TOP)),
        Part("rₜ", "r", "gate", reset, GATES, "rₜ = σ(·)"),
        Part("h̃ₜ", "n", "box", candidate, GATES, "h̃ₜ = tanh(·)"),
        Part("zₜ", "z", "gate", update, GATES, "zₜ = σ(·)"),
        *(Part("×", "", "sign", *place) for place in ((reset, through), (keep, TOP), (candidate, taken))),
        Part("+", "", "sign", candidate, TOP),
        Part("1−", "", "sign", turned, kept if z_updates else taken),
        y,
        *(() if before else (Part("W h", "product", "box", reset, 152, "W hₜ₋₁ + b"),)),
    )
    above, old, new = GATES - BOX_HIGH, "turned" if z_updates else "z", "z" if z_updates else "turned"
    into_reset = "h0" if before else "product"
    wires = (
        Wire("", (at(14.5, TOP), at(14.5, BUS), at(update, BUS)), arrow=False),
        Wire("", (at(20, FOOT), at(20, BUS)), arrow=False),
        Wire("read", (at(20, _LOW), at(candidate, _LOW), at(candidate, GATES + BOX_HIGH + 1)),
             label=at(candidate, UNDER, 5)),
        Wire("h0", (at(IN, TOP), at(keep, TOP, -RADIUS))),
        Wire(into_reset, (at(reset, TOP), at(reset, through - RADIUS))),
        into_gate("r", reset),
        into_gate("z", update),
        Wire("r", (at(reset, above), at(reset, through + RADIUS)), gate=True),
        *_reset(before, (at(reset, through), at(aside, through), at(aside, GATES)), candidate),
        Wire("n", (at(candidate, above), at(candidate, taken + RADIUS))),
        Wire("z", (at(update, above), at(update, taken)), gate=True, arrow=False),
        Wire("z", (at(update, taken), at(turned, taken)), gate=True, arrow=False),
        Wire(new, (at(turned, taken), at(candidate, taken, RADIUS)), gate=True),
        Wire("z", (at(update, taken), at(update, kept), at(turned, kept)), gate=True, arrow=False),
        Wire(old, (at(turned, kept), at(keep, kept), at(keep, TOP + RADIUS)), gate=True),
        Wire("written", (at(candidate, taken), at(candidate, TOP + RADIUS)), label=at(candidate, 168, 6)),
        Wire("kept", (at(keep, TOP), at(candidate, TOP, -RADIUS)),
             label=at((keep + candidate) / 2, TOP - 15, -14)),
        Wire("h", (at(candidate, TOP), at(OUT, TOP, 0, -PORT))),
        up,
    )  # fmt: skip
    dots = ((14.5, TOP), (reset, TOP), (20, BUS), (20, _LOW), (reset, BUS), (update, taken), (80, TOP))
    frame = (12.5, 88, 66, 378)
    return Wiring(parts, wires, ("h", ("kept", "written")), dots, frame, _rules(before, z_updates))


WIRINGS = {
    "gru-after": _wiring(before=False, z_updates=False),
    "gru-before": _wiring(before=True, z_updates=False),
    "gru-after-z-updates": _wiring(before=False, z_updates=True),
    "gru-before-z-updates": _wiring(before=True, z_updates=True),
}
