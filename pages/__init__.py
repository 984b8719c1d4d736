"""The pages of the app, one file each, and `navigation.py`, with which every visit begins."""
