"""The map of all windows, and brushing on it."""
