"""The timelines under the traces, on one shared axis."""
