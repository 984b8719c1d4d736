"""Charts of encoder–decoders: alignment, search, schedules, scores by length."""
