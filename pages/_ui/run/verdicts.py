"""The findings: what is to be seen in a run, the most important first, each with a way to the page that shows it."""

import dataclasses

import streamlit as st

from pages._ui.run.live import Shown
from pages._ui.session import page_links
from pages._ui.session.state import get_state
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped
from rnnviz import findings
from rnnviz.drawn import Drawn
from rnnviz.findings import Finding

FIRST = 5  # sentences on Compare that are read before the pictures; the others are one click away
MOST = 8  # of a page's own


@dataclasses.dataclass(frozen=True)
class Told:
    """What there is to say about one moment of a run."""

    found: tuple[Finding, ...]

    @property
    def nbytes(self) -> int:
        """About what it takes to keep."""
        return sum(500 + 2 * len(finding.text) for finding in self.found)


_told: Drawn[Told] = Drawn()


def show(shown: Shown, page: str) -> None:
    """What is to be seen in this run, in sentences computed from it; on `page`, what that page shows comes first."""
    experiment = shown.run.experiment
    models = min(3, len(experiment.models)) if experiment.task.answers == "last" else 0  # whose gradients are told
    moment = experiment.key, shown.shipped, shown.step
    told = _told.get(moment, lambda: Told(findings.findings(shown.run, shown.step)))
    here, more = _divided(told.found, page)
    with st.container(key=f"room-for-{models}"), st.container(key=Key.FINDINGS, gap=None):
        for place, finding in enumerate(here):
            _line(finding, page, place)
        if more:
            with st.expander("More findings"), st.container(gap=None):
                for place, finding in enumerate(more, len(here)):
                    _line(finding, page, place)


def _divided(found: tuple[Finding, ...], page: str) -> tuple[list[Finding], list[Finding]]:
    """What is read at once, and the rest: on Compare, which shows something of all, by importance; else its own."""
    own = [finding for finding in found if page == "compare" or finding.kind == "diverged" or finding.view == page]
    here = own[: FIRST if page == "compare" else MOST]
    return here, [finding for finding in found if finding not in here]


def _line(finding: Finding, page: str, place: int) -> None:
    with st.container(horizontal=True, vertical_alignment="top", gap="xsmall", key=f"finding-{place}"):
        st.markdown(f"- {escaped(finding.text)}")
        if page_links.leads_to(finding.view) and finding.view != page:
            page_links.show(finding.view, get_state().experiment)
