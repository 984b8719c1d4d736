"""Tables that anyone may have written: their bytes as text, its rows, and what each of their columns is."""
