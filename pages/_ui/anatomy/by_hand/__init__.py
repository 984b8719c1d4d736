"""A network small enough to calculate by hand."""
