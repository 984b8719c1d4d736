"""Pairs of one's own: any table with an input and an output column."""

from rnnviz.tasks.pairs.task import Pairs as Pairs
from rnnviz.tasks.pairs.task import cleaned as cleaned
