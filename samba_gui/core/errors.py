"""Typed errors: what happened, and what to do about it."""

from __future__ import annotations

from typing import Any

from samba_gui.core.words import Text, joined


class SambaError(Exception):
    """Base of every error the program raises on purpose.

    Parameters
    ----------
    message : str
        What happened, one line, without a path's directory and without patient data; a template as of
        :class:`~samba_gui.core.words.Text`, or a text that is made.
    hint : str
        What the user can do about it, one line; likewise.
    **values
        What goes into both.

    Examples
    --------
    >>> raise RecordingError("{name} has {n} channels.", "Choose another.", name=path.name, n=0)
    """

    def __init__(self, message: str, hint: str = "", /, **values: Any) -> None:
        self.message = message if isinstance(message, Text) else Text(message, **values)
        self.hint = hint if isinstance(hint, Text) else Text(hint, **values)
        super().__init__(self.message, self.hint)  # both as args, so that it crosses a process boundary whole

    @property
    def words(self) -> Text:
        """Both together."""
        return joined((self.message, self.hint), " ")

    def __str__(self) -> str:
        return str(self.words)


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
