"""samba-gui: read EEG with the SAMBA foundation model."""

__version__ = "0.1.0"
RESEARCH_USE_ONLY = "Research use only, not a medical device"
