"""Fixtures that run the real network."""

from analysis_fixtures import lively_bundle, long_edf, long_setting, short_edf, short_setting

__all__ = ["lively_bundle", "long_edf", "long_setting", "short_edf", "short_setting"]
