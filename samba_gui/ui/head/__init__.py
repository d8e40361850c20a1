"""The head in three dimensions and from above, and what an electrode's absence does."""
