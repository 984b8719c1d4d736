"""Networks unrolled in time."""
