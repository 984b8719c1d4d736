"""A finished chart: a structure that stays, the data of one moment, and words for those who cannot see it."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import altair
import pyarrow as pa

from rnnviz.core import limits
from rnnviz.core.cache import Cache, kept_in

Columns = Mapping[str, Any]  # name → values of one table, all of the same length
_AUTOSIZE = {"type": "fit-x", "contains": "padding"}  # the width follows the container, the height is ours
IN_MEMORY = 3  # times the bytes of its Arrow tables: the columns are lists, too (measured: 1.8 to 4.2 for all charts)
_PADDING = {"left": 2, "right": 6, "top": 4, "bottom": 4}


@dataclasses.dataclass(frozen=True)
class Structure:
    """A chart without its data; `tables` are the names under which its layers look for it, in order.

    Building a chart takes Altair some 30 ms, so a structure is made once and kept; tests check it against the schema.
    """

    layered: altair.LayerChart
    tables: tuple[str, ...]

    @functools.cached_property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite spec, without data and without Altair's own theme (the page has one)."""
        spec = self.layered.to_dict(validate=False)
        spec.pop("config", None)
        spec.pop("datasets", None)
        return {**spec, "autosize": _AUTOSIZE, "padding": _PADDING}


STRUCTURE_BYTES = 70_000  # of one as Altair's objects and as a dict; measured: 22,000 to 150,000
_structures: Cache[Any, Structure] = Cache("chart structures", limits.STRUCTURE_BYTES_KEPT, lambda _: STRUCTURE_BYTES)
kept_structure = kept_in(_structures)  # decorates a function that builds one from a chart's layout


@dataclasses.dataclass(frozen=True)
class Pictures:
    """Which table of a drawing holds pictures: columns `url`, `key`, `order` and others.

    A browser loads a picture only after Vega has taken the old one away, so that every update would flicker. Therefore
    the pictures seen last stay below the new ones until the next update: as a picture is known by its `key`, it is not
    loaded again.

    filled: cells that are not transparent; what has more of them would shine through and does not stay.
    """

    table: str
    filled: int


@dataclasses.dataclass(frozen=True)
class Drawing:
    """One chart at one moment of training.

    structure: what does not change while a run goes on.
    tables:    name → columns, for every name in `structure.tables`.
    alt:       what the chart shows, in a sentence; it does not change either, or the browser would build it anew.
    pictures:  where its pictures are, if it has some.
    """

    structure: Structure
    tables: Mapping[str, Columns]
    alt: str
    pictures: Pictures | None = None

    def __post_init__(self) -> None:
        if tuple(self.tables) != self.structure.tables:
            raise ValueError(f"tables must be {self.structure.tables}; got {tuple(self.tables)}")

    @functools.cached_property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite spec with its tables as Arrow bytes: `st.vega_lite_chart(spec=drawing.spec, alt=drawing.alt)`.

        Made once and shared by all who watch: read it, never change it.
        """
        return {**self.structure.spec, "datasets": {name: _arrow(table) for name, table in self.tables.items()}}

    @property
    def chart(self) -> altair.LayerChart:
        """The same as an Altair chart with its data inside: for notebooks, files and `st.altair_chart`."""
        chart = self.structure.layered.copy(deep=False)
        chart.datasets = {name: _rows(table) for name, table in self.tables.items()}
        return chart.properties(autosize=_AUTOSIZE, padding=_PADDING)

    def after(self, previous: "Drawing | None") -> "Drawing":
        """This drawing for a place on the page that shows `previous`, without a flicker between the two."""
        here = self.pictures
        if here is None or previous is None or previous.pictures is None or previous.structure is not self.structure:
            return self
        old, new = previous.tables[here.table], self.tables[here.table]
        stay = [i for i, key in enumerate(old["key"]) if key not in new["key"]]
        if not stay or previous.pictures.filled > here.filled:
            return self
        both = {name: [*(old[name][i] for i in stay), *column] for name, column in new.items()}
        both["order"] = [0] * len(stay) + list(new["order"])
        return dataclasses.replace(self, tables={**self.tables, here.table: both})

    @property
    def nbytes(self) -> int:
        """Bytes that keeping it takes, about; its structure is not among them, as others share it."""
        return IN_MEMORY * sum(len(table) for table in self.spec["datasets"].values())


def structure(layers: Sequence[altair.Chart], tables: Sequence[str], height: int) -> Structure:
    """Layers over one another in a single view `height` pixels high, as wide as their container."""
    return Structure(altair.layer(*layers).properties(width="container", height=height), tuple(tables))


def _arrow(columns: Columns) -> bytes:
    table = pa.table(dict(columns))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _rows(columns: Columns) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pa.table(dict(columns)).to_pylist()
    return rows
