"""Training as a generator of frames."""
