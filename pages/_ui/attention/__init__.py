"""Encoder–decoder models at work."""
