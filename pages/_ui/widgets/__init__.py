"""Controls and texts that know no run."""
