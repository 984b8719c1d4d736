"""Write the table of daily weather that the task `forecast` learns: `rnnviz/tasks/forecast/seattle.csv`.

    python -m tests.benchmarks.weather FILE

FILE is `seattle-weather.csv` of the package vega_datasets (0.9.0), which names its source: NOAA data, National Centers
for Environmental Information, in the public domain (https://www.weather.gov/disclaimer). Rain (mm), highest and lowest
temperature (°C) and wind (m/s) of every day from 2012 to 2015 in Seattle. The column "weather", which somebody derived
from the others, is left out, and the numbers are written as they are.
"""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

TABLE = Path(__file__).parents[2] / "rnnviz" / "tasks" / "forecast" / "seattle.csv"
COLUMNS = ("date", "temp_max", "temp_min", "precipitation", "wind")


def main(arguments: Sequence[str] | None = None) -> None:
    """Copy the columns, with dates as ISO 8601 has them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="seattle-weather.csv of vega_datasets")
    with parser.parse_args(arguments).file.open(encoding="utf-8", newline="") as file:
        rows = [[row["date"].replace("/", "-"), *(row[name] for name in COLUMNS[1:])] for row in csv.DictReader(file)]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
