"""Dates in many languages and formats, answered in ISO 8601."""

from rnnviz.tasks.dates.task import Dates as Dates
