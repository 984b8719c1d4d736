"""The experiment's controls."""
