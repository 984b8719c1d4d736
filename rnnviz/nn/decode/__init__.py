"""How an encoder–decoder writes: step by step, by beam search, fed by coins or by itself."""
