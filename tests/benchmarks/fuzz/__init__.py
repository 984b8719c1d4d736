"""Readers of what people bring, given damaged input for as long as one likes: `python -m tests.benchmarks.fuzz`."""
