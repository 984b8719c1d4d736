"""Charts of a network that is calculated by hand."""
