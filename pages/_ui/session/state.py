"""What one visitor's session knows, as one typed object."""

import dataclasses
import uuid
from typing import Any, TypeVar

import streamlit as st

from pages._ui.widgets.keys import Key
from rnnviz.charts import Drawing
from rnnviz.core.contents import Content
from rnnviz.specs.branch import Branch, Training
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec

Query = dict[str, list[str]]
T = TypeVar("T")


@dataclasses.dataclass
class AppState:
    """One visitor's session.

    visitor:    who this is to the engine.
    experiment: the last valid one that the controls or the address bar said.
    start:      the step of another training at which it starts; None for first weights, as after every other change.
    refusal:    why the controls say nothing valid, in a sentence; else "".
    slots:      the models that the sidebar offers, on or off.
    query:      the address bar's query when last looked at; None before the first look.
    linked:     the key of the training that `query` stands for.
    touched:    a control was used in this very script run.
    news:       how often the experiment was put into the address or replaced; the browser says how much it has heard.
    replaced:   the number of the news that last replaced what the controls said.
    outdated:   what the browser says of the controls in this very script run it said before it had heard of that.
    pressed:    Train was pressed; to be carried out when the controls have said what to train.
    notice:     what is to be said about the address, in a sentence; else "".
    wanted:     the hash of a text that the address names and that is not at hand; else "".
    awaited:    the hash of a table that an address named and that is not on this machine; else "".
    wished:     that address, which opens when the table comes.
    own_text:   the text that was pasted or uploaded.
    own_table:  the table that was uploaded, or that the address names.
    attempt:    the id of the run that this visitor trains again; "" for the one that all see first.
    tab, heard: the page load whose presses were counted last, and up to which of its numbers.
    presses:    names of the buttons of the bar that were pressed and are to be carried out.
    pressed_at: the training step that was in view at the last press; None if there was none.
    looked:     what the browser says that it looks at: step (None for the newest), probe, layer, direction, …
    way:        how the browser is to be reached where its socket is blocked; empty if it is not.
    sent, sent_to: how often the page has sent its browser to a training step, and to which.
    left:       the key of a job that this visitor stopped and others go on with; else "".
    mine:       the training whose run was last in view, on any page.
    last:       the training whose run was in view when another one was begun; None if none was.
    drawn:      what every chart of the page, by its key, showed last.
    owned:      what single pages keep for this visitor, by its class.
    """

    visitor: str
    experiment: Experiment
    start: Branch | None = None
    refusal: str = ""
    slots: tuple[ModelSpec, ...] = ()
    query: Query | None = None
    linked: str = ""
    touched: bool = False
    news: int = 0
    replaced: int = 0
    outdated: bool = False
    pressed: bool = False
    notice: str = ""
    wanted: str = ""
    awaited: str = ""
    wished: Query | None = None
    own_text: str = ""
    own_table: Content | None = None
    attempt: str = ""
    tab: str = ""
    heard: int = 0
    presses: list[str] = dataclasses.field(default_factory=list)
    pressed_at: int | None = None
    looked: dict[str, Any] = dataclasses.field(default_factory=dict)
    way: dict[str, Any] = dataclasses.field(default_factory=dict)
    sent: int = 0
    sent_to: int = 0
    left: str = ""
    mine: Training | None = None
    last: Training | None = None
    drawn: dict[str, Drawing] = dataclasses.field(default_factory=dict)
    owned: dict[type, Any] = dataclasses.field(default_factory=dict)

    @property
    def training(self) -> Training:
        """The session's experiment and where it starts: what the run that is shown is named by."""
        return Training(self.experiment, self.start)

    @property
    def beside(self) -> Training | None:
        """The last run, to be drawn beside the one that is shown: where nothing but the seed is another."""
        last, here = self.last, self.experiment
        if last is None or last.start or self.start or last.experiment == here:
            return None
        return last if last.experiment == here.seeded(last.experiment.training.seed) else None

    def choose(self, experiment: Experiment) -> None:
        """What the controls say: another experiment than before starts with first weights."""
        if experiment != self.experiment:
            self.experiment, self.start = experiment, None

    def own(self, kind: type[T]) -> T:
        """What a page keeps for this visitor: one object of its class, made at the first call."""
        if kind not in self.owned:
            self.owned[kind] = kind()
        found: T = self.owned[kind]
        return found


def get_state() -> AppState:
    """This session's state; made at its first call."""
    if Key.STATE not in st.session_state:
        st.session_state[Key.STATE] = AppState(uuid.uuid4().hex, Experiment())
    state: AppState = st.session_state[Key.STATE]
    return state


def touch() -> None:
    """To be called by every control of the experiment when it changes: what it says is newer than the address."""
    state = get_state()
    state.touched = True
    state.notice = state.wanted = ""
