"""What boxes for pasted and uploaded files take."""

from rnnviz.core import limits

MEGABYTES = limits.LARGEST_UPLOAD // 1_000_000
LONGEST_PASTED = 20_000  # characters; a longer text makes a box to type in slow, so it comes as a file
