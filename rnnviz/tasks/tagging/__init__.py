"""Sentences from a grammar, a tag at every word."""

from rnnviz.tasks.tagging.task import Tagging as Tagging
