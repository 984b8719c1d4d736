"""What stands around every page, and which pages there are."""
