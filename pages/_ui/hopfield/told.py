"""What the browser is told of a network and its recalls: plain numbers, and the sentence of what was found."""

from typing import Any

import numpy as np

from pages._ui.hopfield.work import COVER, FLIP, MOST, Choice, HopfieldWork
from rnnviz import hopfield
from rnnviz.core.names import counted, listed, number
from rnnviz.hopfield import SIDE, UNITS, ModernRecall, Outcome

_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def memory(work: HopfieldWork) -> dict[str, Any]:
    """The stage: what is stored, the start, and all updates of the recall."""
    choice, recall = work.choice, work.choice.recall
    m = hopfield.overlaps(choice.patterns, recall.states()).T
    return {
        "kind": "hopfield",
        "key": "memory",
        "heard": {"tab": work.tab, "number": work.heard},
        "side": SIDE,
        "most": MOST,
        "stored": choice.stored,
        "cue": choice.cue if choice.damage in (FLIP, COVER) and choice.stored else None,
        "start": hopfield.bits_of(choice.start),
        "begun": _begun(choice),
        "order": recall.order.tolist(),
        "changed": recall.changed.astype(int).tolist(),
        "fields": _short(recall.fields),
        "energies": _short(recall.energies),
        "levels": _short(np.array([choice.network.energy(pattern) for pattern in choice.patterns])),
        "overlaps": [_short(of_pattern) for of_pattern in m],
        "said": said(choice),
    }


def said(choice: Choice) -> str:
    """What the recall found, in a sentence."""
    if not choice.stored:
        return (
            "No pattern is stored, so all weights are 0 and no unit ever changes. Draw in the left grid and press "
            "“Store”, or press “Start set” above."
        )
    recall = choice.recall
    outcome = choice.known.name(recall.final)
    what = named(outcome, choice.known.mixed)
    sweeps, flips = recall.working_sweeps, int(recall.changed.sum())
    if not flips:
        return f"No unit changed: the start is a fixed point already. It is {what}."
    after = f"after {counted(sweeps, 'sweep')} ({counted(flips, 'change')})"
    return f"Found {after}: {what}{_meant(choice, outcome)}."


def named(outcome: Outcome, mixed: tuple[int, ...]) -> str:
    """What a state is, as a part of a sentence; `mixed` are the sizes of the mixtures that were looked for."""
    if not outcome.of:
        return "no state that has a name"
    one = f"{'the negative of ' * (outcome.signs[0] < 0)}pattern {outcome.of[0] + 1}"
    wrong = counted(outcome.wrong, "pixel")
    if outcome.kind == "mixture":
        return f"a mixture, sign({_mixed(outcome)}): a spurious state"
    if outcome.kind == "other":
        return f"a spurious state ({_neither(mixed)}); nearest is {one}, {wrong} away"
    said = f"nearly {one}, {wrong} wrong" if outcome.wrong else f"{one}, exactly"
    return f"{said}: a spurious state" if outcome.spurious else said


def _neither(mixed: tuple[int, ...]) -> str:
    sizes = listed([{3: "three", 5: "five"}[size] for size in mixed], "or")
    return f"no {listed(['pattern', 'negative', *([f'mixture of {sizes}'] * bool(sizes))], 'or')}"


def _mixed(outcome: Outcome) -> str:
    signed = zip(outcome.of, outcome.signs, strict=True)
    terms = " ".join(f"{'−' if sign < 0 else '+'} {_symbol(at)}" for at, sign in signed)
    return f"−{terms[2:]}" if terms.startswith("−") else terms[2:]


def _symbol(at: int) -> str:
    """A pattern as equations write it: x₁ is the first."""
    return f"x{at + 1}".translate(_LOW)


def _meant(choice: Choice, outcome: Outcome) -> str:
    """That another pattern was found than the one that was damaged, if so."""
    is_one = choice.damage in (FLIP, COVER) and outcome.kind in ("pattern", "near")
    if is_one and choice.stored[outcome.of[0]] != choice.stored[choice.cue]:
        return f"; the start was made from pattern {choice.cue + 1}"
    return ""


def _begun(choice: Choice) -> str:
    """What the start is."""
    if not choice.stored or choice.damage not in (FLIP, COVER):
        return "your own drawing"
    wrong = int((choice.start != choice.patterns[choice.cue]).sum())
    how = "lower half covered" if choice.damage == COVER else "turned over"
    return f"pattern {choice.cue + 1}, {how}: {wrong} of {UNITS} pixels wrong"


def ends(choice: Choice) -> dict[str, Any]:
    """Where recalls from random starts ended."""
    return {
        "kind": "hopfield",
        "key": "ends",
        "side": SIDE,
        "ends": [
            {
                "bits": hopfield.bits_of(one.state),
                "count": one.count,
                "kind": one.outcome.kind,
                "name": brief(one.outcome),
            }
            for one in choice.found
        ],
    }


def brief(outcome: Outcome) -> str:
    """The same in few words."""
    if outcome.kind == "mixture":
        return f"sign({_mixed(outcome)})"
    if outcome.kind == "other":
        return "other"
    near = "nearly " if outcome.wrong else ""
    return f"{near}{'−' if outcome.signs[0] < 0 else ''}{_symbol(outcome.of[0])}"


def counts(choice: Choice) -> str:
    """How many of the recalls found what, in a sentence."""
    sums: dict[str, int] = {}
    for one in choice.found:
        sums[one.outcome.kind] = sums.get(one.outcome.kind, 0) + one.count
    words = {"pattern": "a stored pattern", "near": "nearly a stored pattern", "negative": "the negative of one"}
    words |= {"near negative": "nearly the negative of one", "mixture": "a mixture", "other": "another spurious state"}
    parts = [f"**{sums[kind]}** ended in {named}." for kind, named in words.items() if kind in sums]
    return f"Of {sum(sums.values())} recalls from random starts {' '.join(parts)}"


def modern(choice: Choice, found: ModernRecall) -> dict[str, Any]:
    """One update of the modern form."""
    return {
        "kind": "hopfield",
        "key": "modern",
        "side": SIDE,
        "start": hopfield.bits_of(choice.start),
        "after": _short(found.states[1]),
        "last": _short(found.states[-1]),
        "updates": found.updates,
        "weights": _short(found.weights),
        "stored": choice.stored,
        "energies": [number(float(value), 3) for value in found.energies[[0, 1, -1]]],
    }


def _short(values: np.ndarray) -> list[float]:
    return [round(float(value), 4) + 0.0 for value in values]
