"""Typed errors: what happened, and what to do about it."""

from __future__ import annotations


class SambaError(Exception):
    """Base of every error the program raises on purpose.

    Parameters
    ----------
    message : str
        What happened, one line, without a path's directory and without patient data.
    hint : str
        What the user can do about it, one line.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)  # both as args, so that it crosses a process boundary whole
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class RecordingError(SambaError):
    """A recording cannot be read, or not as what it claims to be."""


class MontageError(SambaError):
    """A montage is unreadable, inconsistent, or does not fit the recording."""


class DerivationError(SambaError):
    """A file of derivations for display is not what it claims to be."""


class BundleError(SambaError):
    """A model bundle is missing, damaged, or of another family."""


class RecipeError(SambaError):
    """An analysis was asked for that cannot be done on this recording."""


class ResultsError(SambaError):
    """A results file cannot be written, read, or continued."""


class WorkerError(SambaError):
    """The worker process failed or died."""


class ExportError(SambaError):
    """A picture or table could not be written."""


class StateError(SambaError):
    """A saved session is damaged, or does not belong to the recording."""
