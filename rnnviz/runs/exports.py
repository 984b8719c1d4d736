"""A trace as a file that other programs read."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.runs.states import DIMS

if TYPE_CHECKING:
    import xarray as xr


def netcdf(dataset: "xr.Dataset") -> bytes:
    """The bytes of a netCDF-4 file: `xarray.open_dataset` gives the same Dataset back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.nc"
        dataset.to_netcdf(path, engine="netcdf4")
        return path.read_bytes()


def csv(dataset: "xr.Dataset") -> bytes:
    """A table in UTF-8: a row for each layer, direction, time step, sample and unit, a column for each variable.

    What has no unit is left out. A token that a spreadsheet would take for a formula has an apostrophe in front.

    Raises:
        ExperimentError: there would be more rows than `limits.MOST_CSV_ROWS`.
    """
    whole = dataset[[name for name, variable in dataset.items() if variable.dims == DIMS]]
    rows = whole.hidden.size
    if rows > limits.MOST_CSV_ROWS:
        allowed = f"at most {limits.MOST_CSV_ROWS:,} rows as CSV; netCDF takes more"
        raise ExperimentError("trace", allowed, Words(f"{rows:,}"))
    table = whole.to_dataframe(dim_order=list(DIMS)).reset_index()
    if "token" in table:
        tokens = table.pop("token")
        table.insert(len(DIMS), "token", tokens.mask(tokens.str.match(r"[=+\-@\t\r]"), "'" + tokens))
    data: bytes = table.to_csv(index=False, float_format="%.7g").encode()
    return data
