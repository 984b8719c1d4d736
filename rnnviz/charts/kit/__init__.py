"""What several charts are made of. Known to charts alone."""
