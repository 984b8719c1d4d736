"""What a file of somebody else's holds, and what it is fed. Without torch."""
