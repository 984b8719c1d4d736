"""The diagram of the LSTM."""

from rnnviz.cells.diagram import (
    BOX_HIGH,
    BUS,
    FOOT,
    GATES,
    IN,
    OUT,
    PORT,
    RADIUS,
    TOP,
    Part,
    Wire,
    Wiring,
    at,
    into_gate,
    ports,
    readout,
)


def _wiring() -> Wiring:
    forget, write, candidate, out, show, up_at = 23, 36.5, 50, 63.5, 75.5, 84.5
    squash, shown, written = 164, 222, 186
    y, up = readout(up_at, BUS)
    parts = (
        *ports(("cₜ₋₁", "c0", IN, TOP), ("hₜ₋₁", "h0", IN, BUS), ("xₜ", "x", 18, FOOT)),
        *ports(("cₜ", "c", OUT, TOP), ("hₜ", "h", OUT, BUS)),
        Part("fₜ", "f", "gate", forget, GATES, "fₜ = σ(·)"),
        Part("iₜ", "i", "gate", write, GATES, "iₜ = σ(·)"),
        Part("c̃ₜ", "g", "box", candidate, GATES, "c̃ₜ = tanh(·)"),
        Part("oₜ", "o", "gate", out, GATES, "oₜ = σ(·)"),
        Part("tanh", "shown", "box", show, squash, "tanh(cₜ)"),
        *(Part("×", "", "sign", *place) for place in ((forget, TOP), (candidate, written), (show, shown))),
        Part("+", "", "sign", candidate, TOP),
        y,
    )
    above = GATES - BOX_HIGH
    wires = (
        Wire("", (at(IN, BUS), at(out, BUS)), arrow=False),
        Wire("", (at(18, FOOT), at(18, BUS)), arrow=False),
        Wire("c0", (at(IN, TOP), at(forget, TOP, -RADIUS))),
        Wire("kept", (at(forget, TOP), at(candidate, TOP, -RADIUS)), label=at(write, TOP - 15, -14)),
        Wire("c", (at(candidate, TOP), at(OUT, TOP, 0, -PORT))),
        *(into_gate(letter, place) for letter, place in (("f", forget), ("i", write), ("g", candidate), ("o", out))),
        Wire("f", (at(forget, above), at(forget, TOP + RADIUS)), gate=True),
        Wire("i", (at(write, above), at(write, written), at(candidate, written, -RADIUS)), gate=True),
        Wire("g", (at(candidate, above), at(candidate, written + RADIUS))),
        Wire("written", (at(candidate, written), at(candidate, TOP + RADIUS)), label=at(candidate, 148, 6)),
        Wire("o", (at(out, above), at(out, shown), at(show, shown, -RADIUS)), gate=True),
        Wire("c", (at(show, TOP), at(show, squash - BOX_HIGH - 1))),
        Wire("shown", (at(show, squash), at(show, shown - RADIUS))),
        Wire("h", (at(show, shown), at(show, BUS), at(OUT, BUS, 0, -PORT))),
        up,
    )
    dots = ((18, BUS), *((place, BUS) for place in (forget, write, candidate)), (show, TOP), (up_at, BUS))
    rules = (("kept", "product", "f", "c0"), ("written", "rest", "c", "kept"), ("shown", "tanh", "c"))
    return Wiring(parts, wires, ("c", ("kept", "written")), dots, (13, 88, 66, 368), rules)


WIRING = _wiring()
