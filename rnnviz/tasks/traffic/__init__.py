"""Sensors on motorways, and the speeds that they will measure."""

from rnnviz.tasks.traffic.task import Traffic as Traffic
