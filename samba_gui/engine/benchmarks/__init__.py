"""Measurements a user can repeat: ratios within one run, medians, never timed tests."""
