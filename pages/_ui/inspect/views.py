"""What a brought model does with its input: the same pictures as of a run, and the trace to take away."""

import functools
import hashlib
import re
from collections.abc import Callable, Hashable

import numpy as np
import streamlit as st

from pages._ui.inspect.bring import LayerView
from pages._ui.inspect.input import Fed
from pages._ui.inspect.kept import OwnModel, OwnModelSlot
from pages._ui.live import stage
from pages._ui.run import words
from pages._ui.run.place import place
from pages._ui.session.server import engine
from pages._ui.session.state import get_state
from pages._ui.session.trouble import guarded
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped
from rnnviz import analysis, cells, charts
from rnnviz.analysis.diagnoses import HORIZON
from rnnviz.charts import Drawing
from rnnviz.checkpoints.brought import Layer
from rnnviz.checkpoints.own_input import OwnInput
from rnnviz.core import limits
from rnnviz.core.names import counted
from rnnviz.engine import memory, questions
from rnnviz.engine.questions import Question
from rnnviz.findings.brought import of_brought
from rnnviz.live import inspect

PATIENCE = 30.0  # seconds for one answer
AGREED = "agreed"  # of what is kept of a model: the made-up input of which sentences may speak
NOBODYS = (
    "What the model does with this input need not be what it does with those that it was trained on. Choose one of "
    "your own above: then sentences on what is to be seen stand here."
)
Arrays = dict[str, np.ndarray]


class Glass:
    """One layer in one direction with what it read: asks and draws, each once."""

    def __init__(self, kept: OwnModel, view: LayerView, reading: OwnInput) -> None:
        self.kept, self.view, self.reading = kept, view, reading
        self.layer, self.label = view.layer, view.layer.cell
        self.times = len(reading.x)
        x = hashlib.blake2b(reading.x.tobytes(), digest_size=16).hexdigest()
        self.read = (self.layer.name, self.layer.activation, x, reading.x.shape)

    def trace(self) -> Arrays:
        """States and gates: name → (time, unit)."""
        return self._of_place(questions.CHECKPOINT_TRACED)

    def analysis(self) -> Arrays:
        """Jacobians, of the chosen layer and direction."""
        return self._of_place(questions.CHECKPOINT_ANALYSED)

    @property
    def is_analysed(self) -> bool:
        """Whether the input is short enough for Jacobians."""
        return 1 < self.times <= self.layer.longest_analysed

    def drawn(self, name: str, draw: Callable[[], Drawing]) -> Drawing:
        """A chart of all this, drawn once."""
        where = (self.view.level, self.view.direction, self.reading.tokens)
        return self.kept.answer((name, self.read, where), draw)

    def _of_place(self, question: Question[[Layer, np.ndarray, int, int], Arrays]) -> Arrays:
        place = (self.view.level, self.view.direction)

        def ask() -> Arrays:
            found = engine().ask(question(self.layer, self.reading.x, *place), timeout=PATIENCE)
            memory.give_back()  # the weights went along
            return found

        return self.kept.answer((question.function, self.read, place), ask)


def show(kept: OwnModel, view: LayerView, fed: Fed) -> None:
    """All there is to see: the pictures first, then what they come to."""
    glass = Glass(kept, view, fed.reading)
    trace = glass.trace()
    stage.still(inspect.message(kept.key("model"), view.layer, view.level, view.direction, trace, *_read(fed)))
    stage.board("stage", main=("pictures",), stage=True)
    with st.container(key=Key.FINDINGS):
        _findings(glass, fed)
    st.markdown("### How far back the last state reaches")
    _reach(glass)
    _take_away(glass)


def _read(fed: Fed) -> tuple[tuple[str, ...], str]:
    """The symbols below the pictures, and what they are in a sentence."""
    tokens = fed.reading.tokens
    return tokens, fed.reading.note or f"Your own input: {counted(len(tokens), 'time step')}."


def _gates(glass: Glass) -> None:
    """How open they are on average; the pictures show each unit."""
    if gates := tuple(name for name in glass.trace() if cells.gate(name)):
        with st.container(key="inspect-means"):
            place(glass.drawn("means", lambda: _means(glass, gates)), "inspect-means")


def _means(glass: Glass, gates: tuple[str, ...]) -> Drawing:
    return charts.gate_means(glass.label, analysis.gate_means(glass.trace()), gates, glass.times)


def _findings(glass: Glass, fed: Fed) -> None:
    """What is to be seen, in sentences computed from what is shown: of an input that somebody chose or agreed to."""
    if fed.made_up:
        agreed = glass.kept.settings.get(AGREED) == glass.read
        st.markdown(escaped(fed.reading.note) if agreed else NOBODYS)
        if not agreed:
            st.button("Show them for this input", on_click=_agree, args=(glass.read,))
            return
    with guarded():
        analysed = glass.analysis() if glass.is_analysed else None
        found = of_brought(glass.layer, glass.trace(), analysed)
        st.markdown("\n".join(f"- {escaped(finding.text)}" for finding in found))


def _agree(read: tuple[Hashable, ...]) -> None:
    if (kept := get_state().own(OwnModelSlot).kept) is not None:
        kept.settings[AGREED] = read


def _reach(glass: Glass) -> None:
    """Jacobians, and the gates; for inputs that are too long for Jacobians, why there are none."""
    left, right = st.columns(2, gap="medium")
    with left:
        if why := _unreached(glass):
            st.info(why)
        else:
            with guarded(), st.container(key="inspect-lags"):
                place(glass.drawn("lags", lambda: _lags(glass)), "inspect-lags")
                words.left_out(int(glass.analysis()["every"]))
        _gates(glass)
    if not why:
        with right, guarded():
            _jacobian_charts(glass)


def _unreached(glass: Glass) -> str:
    """Why there are no Jacobians; "" if there are."""
    if glass.times == 1:
        return "An input of one time step has nothing to look back to."
    if glass.is_analysed:
        return ""
    most = glass.layer.longest_analysed
    return (
        f"Jacobians of {glass.layer.hidden:,} units take long. They are computed over at most {most} time "
        f"step{'' if most == 1 else 's'} of this layer; this input has {glass.times}."
    )


def _jacobian_charts(glass: Glass) -> None:
    with st.container(key="inspect-jacobians"):
        place(glass.drawn("jacobians", lambda: _jacobians(glass)), "inspect-jacobians")
        if "cell_jacobian_values" in glass.analysis():
            place(glass.drawn("cell", lambda: _cell_jacobians(glass)), "inspect-cell")


def _lags(glass: Glass) -> Drawing:
    found, label = glass.analysis(), glass.label
    measured, cells, bounds = (
        {label: found[name]} if name in found else {} for name in ("lag_norm", "cell_lag_norm", "bound")
    )
    gone = (HORIZON, f"1/{1 / HORIZON:.0f}: here the memory horizon is")
    return charts.lags(measured, cells, bounds, (label,), glass.times, gone)


def _jacobians(glass: Glass) -> Drawing:
    values = glass.analysis()["jacobian_values"]
    return charts.jacobian_values(glass.label, values, max(1.1, float(np.nanmax(values, initial=0.0))))


def _cell_jacobians(glass: Glass) -> Drawing:
    found = glass.analysis()
    return charts.cell_jacobian_values(glass.label, found["cell_jacobian_values"], found["forget_mean"], 1.1)


def _take_away(glass: Glass) -> None:
    layer = glass.layer
    name = re.sub(r"[^A-Za-z0-9]+", "-", f"{glass.kept.file} {layer.name} trace").strip("-")[:80]
    rows = layer.layers * layer.directions * glass.times * layer.hidden
    st.markdown("### Take it away")
    with st.container(horizontal=True, key="inspect-files"):
        file = functools.partial(_file, layer, glass.reading)
        key = glass.kept.key
        st.download_button("Trace (netCDF)", functools.partial(file, "netcdf"), f"{name}.nc", key=key("netcdf"))
        if rows <= limits.MOST_CSV_ROWS:
            csv = functools.partial(file, "csv")
            st.download_button("Trace (CSV)", csv, f"{name}.csv", "text/csv", key=key("csv"))
    steps = f"{glass.times} time step{'' if glass.times == 1 else 's'}"
    st.caption(
        f"States and gates of all its layers and directions at {steps}. In Python: `xarray.open_dataset(file)`, or "
        "`pandas.read_csv(file)`."
    )


def _file(layer: Layer, reading: OwnInput, kind: str) -> bytes:
    return engine().ask(questions.CHECKPOINT_EXPORTED(layer, reading.x, reading.tokens, kind), timeout=PATIENCE)
