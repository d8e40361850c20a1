"""Frozen values as plain data for JSON, and back, with every type checked on the way in."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

Value = TypeVar("Value")


def to_plain(value: Any) -> Any:
    """Dictionaries, lists, texts, numbers and None for a value made of frozen dataclasses.

    Parameters
    ----------
    value
        A dataclass, an enum, a tuple, a frozenset, a mapping with texts as keys, or what JSON knows itself.
    """
    if dataclasses.is_dataclass(value):
        return {row.name: to_plain(getattr(value, row.name)) for row in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(map(to_plain, value))
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: type[Value], data: Any) -> Value:
    """Inverse of :func:`to_plain`.

    What is missing takes its default, what is not known is left out: files of other versions can be read.

    Parameters
    ----------
    kind : type
        The dataclass to make.
    data
        What a JSON parser gave.

    Raises
    ------
    ValueError
        A field is of another type, not finite, or missing without a default; the message names it.
    """
    return _value(kind, data, kind.__name__)


def _value(kind: Any, data: Any, name: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if data is None and type(None) in arguments:
            return None
        return _value(next(one for one in arguments if one is not type(None)), data, name)
    if origin is dict and isinstance(data, dict):
        return {str(key): _value(arguments[1], item, f"{name}.{key}") for key, item in data.items()}
    if origin in (tuple, frozenset):
        return _sequence(origin, arguments, data, name)
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, data, name)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise ValueError(f"{name} is not known: {data!r:.40}") from None
    return _scalar(kind, data, name)


def _sequence(origin: type, arguments: tuple, data: Any, name: str) -> Any:
    if not isinstance(data, list):
        raise ValueError(f"{name} is not a list")
    if origin is frozenset or arguments[-1] is Ellipsis:
        return origin(_value(arguments[0], item, name) for item in data)
    if len(data) != len(arguments):
        raise ValueError(f"{name} has {len(data)} values instead of {len(arguments)}")
    return tuple(_value(one, item, name) for one, item in zip(arguments, data, strict=True))


def _dataclass(kind: Any, data: Any, name: str) -> Any:
    if not isinstance(data, dict):
        raise ValueError(f"{name} is not an object")
    hints = typing.get_type_hints(kind)
    known = {row.name for row in dataclasses.fields(kind)}
    values = {key: _value(hints[key], item, f"{name}.{key}") for key, item in data.items() if key in known}
    try:
        return kind(**values)
    except TypeError as error:  # a field without a default is missing
        raise ValueError(f"{name}: {error}") from None


def _scalar(kind: Any, data: Any, name: str) -> Any:
    if kind is float and isinstance(data, int | float) and not isinstance(data, bool):
        number = float(data) if abs(data) < 1e300 else math.inf
        if math.isfinite(number):
            return number
    elif type(data) is kind and kind in (str, int, bool):
        return data
    raise ValueError(f"{name} is not of type {kind.__name__}")
