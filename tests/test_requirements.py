"""What the package asks for, and what the app pins."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = {
    pin.name.lower(): pin
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").split("\n")
    if line.strip() and (pin := Requirement(line))
}


def ranges() -> list[Requirement]:
    extras = [one for many in PROJECT["optional-dependencies"].values() for one in many]
    return [Requirement(line) for line in (*PROJECT["dependencies"], *extras)]


def test_every_pin_lies_within_the_range_of_the_package() -> None:
    assert {one.name.lower() for one in ranges()} == set(PINS)
    for one in ranges():
        (pinned,) = (spec.version for spec in PINS[one.name.lower()].specifier)
        assert one.specifier.contains(pinned), one


def test_a_pin_is_exact() -> None:
    assert all(str(pin.specifier).startswith("==") and "*" not in str(pin.specifier) for pin in PINS.values())


def test_a_notebook_gets_no_streamlit() -> None:
    needed = {Requirement(line).name.lower() for line in PROJECT["dependencies"]}
    assert not needed & {"streamlit", "starlette", "altair", "netcdf4", "pyarrow"}


def test_the_version_is_stated_once_more_and_alike() -> None:
    from rnnviz.core.version import VERSION

    assert PROJECT["version"] == VERSION


def test_the_readme_gives_a_reason_for_every_package() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    stood_on = text[text.index("## What it stands on") : text.index("For tests:")]
    named = {name.strip().lower() for row in re.findall(r"^\| ([\w, ]+) \|", stood_on, re.M) for name in row.split(",")}
    assert named - {"package"} == set(PINS)
