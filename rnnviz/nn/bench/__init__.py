"""What is measured about speed: ratios against a baseline in the same process."""
