"""Sensors on motorways, and the speeds that they will measure."""
