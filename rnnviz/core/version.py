"""The version of rnnviz, as `pyproject.toml` states it."""

VERSION = "0.1.0"
