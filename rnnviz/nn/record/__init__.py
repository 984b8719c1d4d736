"""Recording somebody's own training."""
