"""What was measured: frames, runs, files, datasets."""
