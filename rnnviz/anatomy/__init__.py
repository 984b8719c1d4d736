"""One time step of a cell taken apart: its equations with numbers, and the conventions they follow."""
