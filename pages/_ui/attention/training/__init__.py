"""How training feeds the decoder."""
