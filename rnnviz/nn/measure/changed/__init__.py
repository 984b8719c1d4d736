"""A model in which something is changed, beside the original."""
