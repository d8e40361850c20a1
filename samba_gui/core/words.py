"""Words for a reader that are born where nobody knows the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any


class Text(str):
    """English for logs, files and the command line; the window says it in the reader's language.

    It is the English ``str`` and remembers what it was made of. The template is a whole sentence or a name,
    always a literal: ``packaging/make_translations.py`` gathers it where it stands.

    Parameters
    ----------
    template : str
        With named places: ``"{name} has {n} channels."``.
    **values
        What goes there: numbers, data, or another :class:`Text`; of anything else its ``str``.

    Examples
    --------
    >>> Text("{rate_hz:g} Hz, {how}", rate_hz=256.0, how=Text("as recorded"))
    '256 Hz, as recorded'
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Text:
        kept = {name: _kept(value) for name, value in values.items()}
        text = super().__new__(cls, template.format(**kept))
        text.template, text.values = template, kept
        return text

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.template,), self.values  # so that it crosses to another process whole

    def said(self, translate: Callable[[str], str]) -> str:
        """In another language.

        Parameters
        ----------
        translate : callable
            From a template to that language's, with the same places.
        """
        values = {
            name: value.said(translate) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
        return translate(self.template).format(**values)

    def as_plain(self) -> dict[str, Any]:
        """For JSON; the inverse of :meth:`from_plain`."""
        values = {k: v.as_plain() if isinstance(v, Text) else v for k, v in self.values.items()}
        return {"template": self.template, "values": values}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Text:
        """What :meth:`as_plain` gave."""
        values = {k: cls.from_plain(v) if isinstance(v, Mapping) else v for k, v in plain["values"].items()}
        return cls(plain["template"], **values)


NOTHING = Text("")


def wording(text: str) -> str:
    """Marks a template that stands in a table, so that it is gathered."""
    return text


def joined(texts: Iterable[str], between: str = ", ") -> Text:
    """Several texts one after the other, as in a list; empty ones are left out."""
    values = {f"part{i}": text for i, text in enumerate(text for text in texts if text)}
    return Text(between.join(f"{{{name}}}" for name in values), **values)


def _kept(value: Any) -> Any:
    """No array and no exception: that would hold on to all that its traceback has seen."""
    if isinstance(value, str):
        return value
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else str(value)
