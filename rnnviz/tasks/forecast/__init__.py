"""Real series of numbers, and their next values."""

from rnnviz.tasks.forecast.task import Forecast as Forecast
