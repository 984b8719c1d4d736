"""The network in the address: patterns and start in hexadecimal digits, so that a teacher can share it."""

import streamlit as st

from pages._ui.hopfield.work import COVER, DRAWN, EMPTY, FLIP, LARGEST_SEED, MOST, Choice, HopfieldWork
from pages._ui.session.link import OWN
from rnnviz.core.errors import ExperimentError
from rnnviz.core.parsing import parse_whole

STORED, CUE, START, SHARE, SEED = (f"{OWN}{name}" for name in ("stored", "pattern", "start", "share", "seed"))
_NONE = "none"  # where nothing is stored


def follow(work: HopfieldWork, turned: bool) -> None:
    """Take over what the address says, if a visitor brought it: by opening, Back or Forward.

    A control that was used in this run wins. Whoever turns to the page by the menu finds all as they left it.

    turned: whether the visit comes from another page.
    """
    said = {name: st.query_params[name] for name in st.query_params if name.startswith(OWN)}
    if said != work.linked and not work.touched and (said or not turned):
        shown = "the network before it" if work.linked else "the start set"
        work.linked, work.notice, work.refusal = said, "", ""
        try:
            work.replace(read(said))
        except ExperimentError as error:
            work.notice = f"The address holds a network that cannot be shown: {error} Shown is {shown}."
    work.touched = False


def write(work: HopfieldWork) -> None:
    """Put the network into the address, if it is not there."""
    wanted = written(work.choice)
    said = {name: st.query_params[name] for name in st.query_params if name.startswith(OWN)}
    if said != wanted and not work.notice:
        for name in said.keys() - wanted.keys():
            del st.query_params[name]
        st.query_params.update(wanted)
        work.linked = wanted


def written(choice: Choice) -> dict[str, str]:
    """What of a choice is not as at first, by name."""
    first, found = Choice(), {}
    if choice.stored != first.stored:
        found[STORED] = ".".join(choice.stored) or _NONE
    if choice.cue != first.cue:
        found[CUE] = str(choice.cue + 1)
    if choice.damage != FLIP:
        found[START] = choice.drawn if choice.damage == DRAWN else COVER
    for name, value, usual in ((SHARE, choice.share, first.share), (SEED, choice.seed, first.seed)):
        if value != usual:
            found[name] = str(value)
    return found


def read(said: dict[str, str]) -> Choice:
    """The other way round.

    Raises:
        ExperimentError: a name or a value that means nothing.
    """
    if unknown := said.keys() - {STORED, CUE, START, SHARE, SEED}:
        raise ExperimentError("address", f"made of {STORED}, {CUE}, {START}, {SHARE} and {SEED}", min(unknown))
    first = Choice()
    stored = said.get(STORED)
    start = said.get(START, FLIP)
    bits = first.stored if stored is None else () if stored == _NONE else tuple(stored.lower().split("."))
    return Choice(
        bits,
        _whole(said, CUE, first.cue + 1, f"1 to {min(MOST, max(1, len(bits)))}") - 1,
        start if start in (FLIP, COVER) else DRAWN,
        _whole(said, SHARE, first.share, "0 to 100"),
        EMPTY if start in (FLIP, COVER) else start.lower(),
        _whole(said, SEED, first.seed, f"0 to {LARGEST_SEED:,}"),
    )


def _whole(said: dict[str, str], name: str, usual: int, span: str) -> int:
    if name not in said:
        return usual
    try:
        return parse_whole(said[name])
    except ValueError:
        raise ExperimentError(name, f"a whole number, {span}", said[name]) from None
