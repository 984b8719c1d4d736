"""A model of the visitor's own."""
