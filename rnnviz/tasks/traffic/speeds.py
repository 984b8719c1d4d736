"""Speeds of several sensors at several times to come, and how far forecasts are off, as papers on traffic say it."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.tasks.values import Measured

AHEAD = (3, 6, 12)  # steps of five minutes: 15, 30 and 60 minutes, as in Li et al. 2018
STANDING = 10.0  # km/h; relative errors are of speeds above: of a standstill every error is without bounds
MEASURES = ("mae", "rmse", "mape")


@dataclasses.dataclass(frozen=True)
class Speeds(Measured):
    """At each sensor the speeds `AHEAD` steps later: output s · 3 + a is sensor s, time a."""

    measures: ClassVar[tuple[str, ...]] = MEASURES
    aheads: ClassVar[int] = len(AHEAD)

    def by_ahead(self, outputs: np.ndarray, targets: np.ndarray) -> dict[str, np.ndarray]:
        """Errors over all sensors and times that are asked, by how far ahead: each (ahead,) float32.

        mae:  mean absolute error, km/h.
        rmse: root of the mean squared error, km/h.
        mape: mean absolute error as a share of the speed, in percent, where that is above `STANDING`.
        """
        shape = (-1, self.count // len(AHEAD), len(AHEAD))
        wanted = self.quantities(targets).reshape(shape)
        off = np.abs(self.quantities(outputs).reshape(shape) - wanted)
        moving = np.where(wanted > STANDING, wanted, np.nan)
        found = np.nanmean(off, (0, 1)), np.sqrt(np.nanmean(off**2, (0, 1))), 100.0 * np.nanmean(off / moving, (0, 1))
        return dict(zip(MEASURES, np.array(found, np.float32), strict=True))
