"""The docks beside the traces: channels, annotations, model fit."""
