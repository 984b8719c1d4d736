"""Tables for charts, made of rows."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def table(rows: list[Any], *columns: str) -> "pd.DataFrame":
    """A table of rows with these columns, also where there are no rows."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))
