"""The traces: one curve a row, their names, and what is laid over them."""
