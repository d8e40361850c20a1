"""Fixtures that run the real network."""

from analysis_fixtures import lively_bundle, short_edf

__all__ = ["lively_bundle", "short_edf"]
