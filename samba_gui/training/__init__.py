"""Training: the same engine, run the other way."""
