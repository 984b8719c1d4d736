"""What somebody gives to look at: a module of theirs, its inputs and its first state, in whatever form."""
