"""What is measured where something is changed by hand."""
