"""Drawn shapes, put into words."""

from rnnviz.tasks.captions.task import Captions as Captions
