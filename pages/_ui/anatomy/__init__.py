"""One time step taken apart."""
