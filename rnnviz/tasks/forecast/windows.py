"""Stretches of a series as they are read, with what comes after each of their steps."""

import dataclasses

import numpy as np

from rnnviz.tasks.batch import Batch
from rnnviz.tasks.forecast.series import Series


@dataclasses.dataclass(frozen=True)
class Windows(Batch):
    """Stretches of a series that begin at its steps `starts` (sample,)."""

    starts: np.ndarray


@dataclasses.dataclass(frozen=True, eq=False)
class Reader:
    """How a series is read: which columns, and what of the calendar.

    asked:  the column whose values are asked.
    beside: the columns that are read with it.
    season: whether the time of the year is read, as sine and cosine.
    ahead:  how many steps ahead is asked.
    """

    series: Series
    asked: int
    beside: tuple[int, ...]
    season: bool
    ahead: int

    @property
    def columns(self) -> tuple[int, ...]:
        """Those that are read, what is asked first."""
        return self.asked, *self.beside

    @property
    def size(self) -> int:
        """Numbers that are read at every step."""
        return len(self.columns) * (1 + self.series.partial) + 2 * self.season

    def features(self, standard: np.ndarray, phase: np.ndarray) -> np.ndarray:
        """What is read: (…, size) float32.

        standard: (…, column) of `columns`, with mean 0; NaN, where a number is missing, is read as 0 beside a 1.
        phase:    (…), places in the season.
        """
        missing = np.isnan(standard)
        parts = [np.where(missing, np.float32(0.0), standard)]
        if self.series.partial:
            parts.append(missing)
        if self.season:
            turn = 2.0 * np.pi * phase[..., None] / self.series.season
            parts += [np.sin(turn), np.cos(turn)]
        found: np.ndarray = np.concatenate(parts, axis=-1, dtype=np.float32)
        return found

    def windows(self, starts: np.ndarray, length: int) -> Windows:
        """Stretches of `length` steps that begin at `starts`."""
        at = np.arange(length)[:, None] + starts
        values = self.series.standard
        after = values[at[..., None] + 1 + np.arange(self.ahead), self.asked]
        read = self.features(values[at[..., None], np.array(self.columns)], self.series.phase[at])
        return Windows(read, after, starts)

    def staying(self, batch: Windows) -> np.ndarray:
        """The naive forecast of every step of a batch, its last known value: (time, sample, ahead) float32.

        NaN where nothing is known yet.
        """
        known = newest_known(self.series.standard[:, self.asked])
        at = np.arange(len(batch.inputs))[:, None] + batch.starts
        found: np.ndarray = np.repeat(known[at][..., None], self.ahead, axis=-1)
        return found

    def season_ago(self, batch: Windows) -> np.ndarray:
        """The seasonal naive forecast of every step of a batch: (time, sample, ahead) float32.

        It is the value at the same place of the newest season that knows it by then, as is what lies further ahead than
        a season; where none does, the last known value; NaN where nothing is known yet.
        """
        ahead, season = 1 + np.arange(self.ahead), self.series.season
        known = newest_known(self.series.standard[:, self.asked], season)
        at = np.arange(len(batch.inputs))[:, None, None] + batch.starts[:, None]
        before = at + ahead - season * -(-ahead // season)
        found = np.where(before >= 0, known[np.maximum(before, 0)], np.float32(np.nan))
        filled: np.ndarray = np.where(np.isfinite(found), found, self.staying(batch))
        return filled


def newest_known(values: np.ndarray, season: int = 1) -> np.ndarray:
    """Each of `values` (step,); where it is missing, the newest known one whole seasons before; NaN where none is."""
    count = len(values)
    places = np.full(-(-count // season) * season, -1)
    places[:count] = np.where(np.isfinite(values), np.arange(count), -1)
    newest = np.maximum.accumulate(places.reshape(-1, season), axis=0).ravel()[:count]
    return np.where(newest >= 0, values[newest], np.float32(np.nan))
