"""What a visit may send, and what becomes of it."""
