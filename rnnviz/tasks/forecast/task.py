"""Real weather, day by day; at every step name the values of the next days."""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz.core import fields
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError
from rnnviz.core.when import When
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.declared import Amount, Tables
from rnnviz.tasks.forecast import brought, fitting, precision, series, typing
from rnnviz.tasks.forecast.windows import Reader, Windows
from rnnviz.tasks.shapes import EveryStep, Features, Measured

_WEATHER = When(lambda task: getattr(task, "table", None) is None, lambda _: "for a table of your own")
SCORED = 32  # stretches of the time that is held out
STAYS, SEASONAL = "naive", "seasonal"


@dataclasses.dataclass(frozen=True)
class Forecast(Task):
    """Stretches of a series of numbers; at every step its next values are asked, the next day's first.

    The first years are trained on, and the last one is held out: no value of it is ever read or asked in training, nor
    do mean and standard deviation, by which all columns are brought to one scale, know it.
    """

    name: ClassVar[str] = "forecast"
    place: ClassVar[int] = 12
    title: ClassVar[str] = "Forecast a time series"
    application: ClassVar[str] = "Weather, time series"
    about: ClassVar[str] = (
        "The network reads the weather of Seattle day by day, as it was measured (2012 to 2015, NOAA, public domain). "
        "After every day it names the values of the next days. The first three years are trained on, the last is held "
        "out. Two forecasts need no network: that today’s value stays, or that of the same day a year before."
    )
    picture: ClassVar[str] = "forecast"
    predicts_next: ClassVar[bool] = True
    always_new: ClassVar[bool] = False
    sized_by_data: ClassVar[bool] = True
    score_name: ClassVar[str] = "mean absolute error"
    higher_is_better: ClassVar[bool] = False
    guessing: ClassVar[str] = "the better of two simple forecasts (today’s value stays; as one season before)"
    defaults: ClassVar[Defaults] = Defaults(steps=300, lr=1e-3)

    tables: ClassVar[Tables] = Tables(
        program="rnnviz.tasks.forecast.reading",
        asked="A series of your own: a CSV or TSV file with a column of numbers and one of dates",
        hint="As long as there is no table of yours, the weather of Seattle is learned.",
        back="Back to the weather of Seattle",
        columns=("Column of the dates", "Column to forecast"),
        told=brought.chosen,
        encoding=brought.encoding,
        suits=fitting.suits,
        both=False,
    )

    table: Content | None = fields.content("A table of your own with numbers in time", later=True)  # noqa: RUF009
    column: str = fields.choice(
        "temp_max", tuple(series.WEATHER), "What is forecast: temperatures in °C, precipitation in mm, wind in m/s",
        when=_WEATHER,
    )  # fmt: skip
    covariates: bool = fields.flag(True, "The other columns are read too", label="Read the other columns")
    calendar: bool = fields.flag(
        True, "The time of the year is read too, as sine and cosine: it is known in advance", label="Read the calendar"
    )
    ahead: int = fields.whole(
        7, 1, 14, "How far ahead the values are asked; of the weather, days", "time steps", label="Forecast ahead"
    )
    length: int = fields.whole(60, 10, 300, "Length of a stretch that is read; of the weather, days", "time steps")

    def __post_init__(self) -> None:
        super().__post_init__()
        fields.check(self)

    @property
    def brought(self) -> bool:
        return self.table is not None

    @property
    def asks(self) -> str:
        if self.table is None:
            return self.about
        every, ago = self.series.every, self.series.season_name
        return (
            f"The network reads a series of yours {every} by {every}, and names after each the next values of "
            f"“{self.asked_name}”. Two forecasts need no network: that the value stays, and that it is as {ago} before."
        )

    @property
    def first_rows(self) -> tuple[str, ...]:
        if self.table is None:
            return ()
        names, values = self.series.names[:3], self.series.values[:3, np.array(self.reader.columns)]
        columns = [precision.written(column) for column in values.T]
        return tuple(f"{name}: {' / '.join(row)}" for name, *row in zip(names, *columns, strict=True))

    @property
    def summary(self) -> str:
        return "" if self.table is None else brought.summary(self.table, self.series)

    @functools.cached_property
    def series(self) -> series.Series:
        """What is learned."""
        return series.weather() if self.table is None else brought.opened(self.table)

    @functools.cached_property
    def reader(self) -> Reader:
        """How it is read."""
        asked = self.series.columns.index(self.column) if self.table is None else 0
        others = tuple(place for place in range(len(self.series.columns)) if place != asked)
        return Reader(self.series, asked, others if self.covariates else (), self.calendar, self.ahead)

    @property
    def asked_name(self) -> str:
        """What is forecast, in words."""
        return series.NAMES[self.column] if self.table is None else self.series.columns[0]

    @property
    def season_name(self) -> str:
        """After what time the series is expected to repeat itself."""
        return self.series.season_name

    @property
    def said_of(self) -> dict[str, str]:
        """The two simple forecasts as they are called in a picture."""
        return {STAYS: "unchanged", SEASONAL: f"{self.season_name} ago"}

    @property
    def steps(self) -> int:
        return self.length

    @property
    def reads(self) -> Features:
        return Features(self.reader.size)

    @functools.cached_property
    def answers(self) -> EveryStep:
        found, asked = self.series, self.reader.asked
        self._check_length()
        middle, spread = float(found.middle[asked]), float(found.spread[asked])
        return EveryStep(Measured(self.ahead, middle, spread, found.units[asked], found.partial))

    @property
    def amount(self) -> Amount:
        of = self.answers.of
        assert isinstance(of, Measured)
        return Amount(self.asked_name, 0, of.middle, of.spread, of.unit, of.digits)

    @property
    def answering(self) -> type[EveryStep]:
        return EveryStep

    @property
    def best(self) -> None:
        """What nobody can foresee of the weather is not known."""
        return None

    def sample(self, rng: np.random.Generator, size: int) -> Windows:
        last = self._check_length()
        return self.reader.windows(rng.integers(0, last + 1, size), self.length)

    def make_held_out(self, rng: np.random.Generator) -> Windows:
        """Stretches of what is held out, at equal distances."""
        return self.reader.windows(self._places(SCORED), self.length)

    def _places(self, count: int) -> np.ndarray:
        """Where at most `count` stretches of what is held out begin, at equal distances: those that are asked anything.

        There are some: what is held out has two different numbers.
        """
        self._check_length()
        first, last = self.series.trained, len(self.series.values) - self.length - self.ahead
        known = np.append(0, np.cumsum(np.isfinite(self.series.values[:, self.reader.asked])))
        starts = np.arange(first, last + 1)
        starts = starts[known[starts + self.length + self.ahead] > known[starts + 1]]
        at = np.unique(np.linspace(first, first + len(starts) - 1, count).round().astype(np.int64)) - first
        return np.asarray(starts[at])

    def _check_length(self) -> int:
        """The last step at which a stretch to train on begins.

        Raises:
            ExperimentError: no stretch fits into what is trained on, or three into what is held out.
        """
        trained, count = self.series.trained, len(self.series.values)
        most = fitting.longest(self.series, self.ahead)
        if self.length > most:
            of = f"for a series of {count:,} {self.series.every}s, the last {count - trained:,} of which are held out"
            raise ExperimentError("length", f"at most {most} {of}", self.length)
        return trained - self.length - self.ahead

    def probes(self) -> Probes:
        batch = self.reader.windows(self._places(3), self.length)
        at = np.arange(self.length)[:, None] + batch.starts
        names, marks = self.series.names[at], self.series.marks[at]
        said = tuple(f"from {first} to {last}" for first, last in zip(names[0], names[-1], strict=True))
        return Probes(batch, marks, said)

    @functools.cached_property
    def simple(self) -> dict[str, np.ndarray]:
        """What is to be beaten, on the held-out stretches: name → outputs."""
        batch = self.held_out()
        assert isinstance(batch, Windows)
        return {STAYS: self.reader.staying(batch), SEASONAL: self.reader.season_ago(batch)}

    @functools.cached_property
    def simple_errors(self) -> dict[str, np.ndarray]:
        """Their mean absolute errors by how far ahead: name → (ahead,), in the unit of what is asked."""
        wanted, of = self.held_out().targets, self.answers.of
        return {name: of.errors(found, wanted)["error"] for name, found in self.simple.items()}

    @functools.cached_property
    def stronger(self) -> str:
        """The better of the two over all that is held out."""
        wanted = self.held_out().targets
        return min(self.simple, key=lambda name: self.score(self.simple[name], wanted))

    def guess(self, batch: Batch) -> np.ndarray:
        assert isinstance(batch, Windows)
        return self.reader.staying(batch) if self.stronger == STAYS else self.reader.season_ago(batch)

    @property
    def loss_of_guessing(self) -> tuple[float, str]:
        wanted = self.held_out().targets
        off = self.simple[self.stronger].astype(np.float64) - wanted
        return float(np.nanmean(off**2)), self.guessing

    @property
    def typing(self) -> str:
        return typing.said(self.reader)

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        return typing.read(self.reader, text)

    def written(self, inputs: np.ndarray) -> str:
        return typing.written(self.reader, inputs)

    def spelled(self, probe: int) -> tuple[str, ...]:
        batch = self.probes().batch
        assert isinstance(batch, Windows)
        return tuple(self.series.short[batch.starts[probe] + np.arange(self.length)].tolist())

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        values = inputs[1:, None, :1]
        if self.series.partial:
            values = np.where(inputs[1:, None, len(self.reader.columns), None] > 0, np.nan, values)
        return (*self.answers.of.words(values, 0), "")

    def example(self) -> str:
        values = self.answers.of.words(self.probes().batch.targets[:, :, :1], 0)
        return f"{'  '.join(values[:5])} → {values[5]} {self.answers.of.unit}"
