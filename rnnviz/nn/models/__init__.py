"""Models: recurrent layers with a readout, encoder–decoders with attention; first weights, losses."""
