"""Simulated students who learn, slip, guess and forget; what can be foreseen of them."""

from rnnviz.tasks.learners.task import Learners as Learners
