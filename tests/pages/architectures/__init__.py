"""The Architectures page."""
