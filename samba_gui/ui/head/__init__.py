"""The head in three dimensions, the montage bench, and what an electrode's absence does."""
