"""Dialogs: values in, one property out."""
