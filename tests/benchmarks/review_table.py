"""How long a large table of reviews is read, and in how much memory: `python -m tests.benchmarks.review_table`.

50,000 reviews, 70 MB, as they come from the field (`tests.support.review_files`). Prints seconds and megabytes of a
process that reads it and nothing else; returns 1 if it takes more than 20 s or 600 MB.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rnnviz.core.contents import FOLDER
from tests.support.review_files import rows, write

ROWS, WORDS = 50_000, 148
SECONDS, MEGABYTES = 20.0, 600.0
_CODE = """
import resource, sys
from rnnviz.tasks.sentiment.reading import main
main(sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main(place: str = "") -> int:
    """Measure and print; `place`: a file to read, or to write first."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(place or Path(folder) / "reviews.csv")
        if not path.exists():
            write(path, rows(ROWS, WORDS))
        print(f"{path.stat().st_size / 1e6:.0f} MB")
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _CODE, str(path)],
            env=os.environ | {FOLDER: folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        computing = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        seconds, lines = time.perf_counter() - began, done.stdout.splitlines()
        megabytes = int(lines[-1]) / 1_000
        digest = json.loads(lines[-2])["digest"]
        size = (Path(folder) / digest).stat().st_size / 1e6
    print(
        f"read in {seconds:.1f} s, {computing:.1f} s of them computing, with {megabytes:.0f} MB; kept are {size:.1f} MB"
    )
    return int(seconds > SECONDS or megabytes > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
