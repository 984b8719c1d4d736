"""One visitor's session: state, address, the engine, questions to it, errors."""
