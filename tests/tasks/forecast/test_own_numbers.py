"""Series whose numbers are large beside their changes, tiny, too large or in two units."""

import numpy as np
import pytest

from rnnviz.analysis.truth import guess_of
from rnnviz.core.errors import ExperimentError
from rnnviz.live.applications.forecast import told
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.forecast import Forecast, precision
from tests.support.series_files import days, stored

DAYS, VALUES = days(400)
VALUES = np.round(VALUES * 8) / 8  # in eighths, which float64 holds exactly also beside 10^15


def series_of(cells: list[str]) -> Forecast:
    lines = [f"{day},{cell}" for day, cell in zip(DAYS, cells, strict=True)]
    return Forecast(table=stored("\n".join(["date,v", *lines])), length=10)


@pytest.mark.parametrize("offset", [50_000_000, 10**15])
def test_small_changes_of_large_numbers_are_learned_as_exactly_as_without_the_offset(offset: int) -> None:
    large = series_of([f"{offset + int(value // 1)}.{int(value % 1 * 1000):03}" for value in VALUES])
    np.testing.assert_array_equal(large.series.values[:, 0], offset + VALUES)
    np.testing.assert_allclose(large.series.standard, series_of([f"{one:.3f}" for one in VALUES]).series.standard,
                               atol=1e-5 if offset < 10**10 else 0.03)  # fmt: skip
    assert len(np.unique(large.series.standard)) == len(np.unique(VALUES))
    assert len({row.split(": ")[1] for row in large.first_rows}) == len(np.unique(VALUES[:3]))
    sent = told(Experiment(large, (ModelSpec("gru", 4),)), "gru")
    assert sent["base"] == large.answers.of.middle  # type: ignore[attr-defined]
    assert guess_of(large) is None
    assert ("changes below 0.125 are lost" in large.summary) == (offset == 10**15)


def test_usual_numbers_are_stored_in_single_precision() -> None:
    usual = series_of([f"{one:.3f}" for one in VALUES])
    assert usual.series.values.dtype == np.float32 and "lost" not in usual.summary
    assert told(Experiment(usual, (ModelSpec("gru", 4),)), "gru")["base"] == 0.0


def test_numbers_that_change_by_less_than_single_precision_holds_are_refused() -> None:
    with pytest.raises(ExperimentError, match=r"“v” changes by more than 1.17549e-38; got numbers within 1.*e-299"):
        series_of([f"{one}e-300" for one in VALUES])


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ([10.134, 11.559, np.nan], ["10.134", "11.559", "?"]),
        ([50_000_010.13, 50_000_011.56, 50_000_012.17], ["50000010.1", "50000011.6", "50000012.2"]),
        ([5e7, 5e7, 5e7], ["5e+07", "5e+07", "5e+07"]),
    ],
    ids=["usual", "large", "equal"],
)
def test_first_numbers_are_written_so_that_they_can_be_told_apart(column: list[float], written: list[str]) -> None:
    assert precision.written(np.array(column)) == written


def test_two_units_in_a_column_are_named() -> None:
    mixed = series_of([f"{value:.1f} kg" if at % 2 else f"{1000 * value:.1f} g" for at, value in enumerate(VALUES)])
    assert "“v” has 2 units, g and kg: its numbers are not converted." in mixed.summary
    assert "units" not in series_of([f"{value:.1f} kg" for value in VALUES]).summary


def test_numbers_that_are_too_large_are_called_so() -> None:
    cells = [f"{one:.2f}" for one in VALUES]
    said = series_of(["1e300", *cells[1:]]).summary
    assert "Read as missing: 1 number that is too large (“1e300”)." in said and "cell" not in said
    with pytest.raises(
        ExperimentError, match=r"numbers up to 3.4e\+38 in the column “v”; got 400 larger ones, such as"
    ):
        series_of([f"{cell}e300" for cell in cells])
