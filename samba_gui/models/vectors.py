"""Sixteen float32 at once inside functions compiled by Numba.

Numba leaves vector code to the compiler's guesswork, which keeps the recurrence's state in memory between
any two operations. Here vectors are values: LLVM keeps them in registers and splits them where a CPU's are
narrower.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

LANES = 16
"""Values in a vector."""

_FLOATS = ir.VectorType(ir.FloatType(), LANES)
_INTS = ir.VectorType(ir.IntType(32), LANES)
_FLAGS = ("nsz", "contract")  # multiply and add in one step where the CPU can
_FLOAT_BYTES = 4


class VectorType(types.Type):
    """The Numba type of a vector."""

    def __init__(self) -> None:
        super().__init__(name=f"float32x{LANES}")


vector = VectorType()


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, _FLOATS)


def _lane_by_lane(operation: Callable, instruction: str) -> None:
    @infer_global(operation)
    class _Typing(AbstractTemplate):
        def generic(self, args: tuple, kws: dict) -> Any:
            return signature(vector, vector, vector) if args == (vector, vector) else None

    @lower_builtin(operation, vector, vector)
    def _lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*args, flags=_FLAGS)


_lane_by_lane(operator.add, "fadd")
_lane_by_lane(operator.sub, "fsub")
_lane_by_lane(operator.mul, "fmul")
_lane_by_lane(operator.truediv, "fdiv")


def _place(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    """Address of an element of a C-contiguous array."""
    return builder.gep(context.make_array(array_type)(context, builder, array).data, [index])


def _in_every_lane(builder: Any, value: Any) -> Any:
    undefined = ir.Constant(_FLOATS, ir.Undefined)
    first = builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(_INTS, [0] * LANES))


@intrinsic
def load(typing: Any, array: Any, index: Any) -> Any:
    """Sixteen elements of a C-contiguous float32 array from an index on; nothing checks the bounds."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _place(context, builder, sig.args[0], *args)
        value = builder.load(builder.bitcast(place, _FLOATS.as_pointer()))
        value.align = _FLOAT_BYTES
        return value

    return vector(array, types.intp), build


@intrinsic
def store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Write a vector into a C-contiguous float32 array; nothing checks the bounds."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _place(context, builder, sig.args[0], *args[:2])
        builder.store(args[2], builder.bitcast(place, _FLOATS.as_pointer())).align = _FLOAT_BYTES
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), build


@intrinsic
def spread(typing: Any, value: Any) -> Any:
    """A float32 in every lane."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _in_every_lane(builder, args[0])

    return vector(types.float32), build


SERIES = 16
"""Vectors in a series: so many, and what is done with them, fit into the 32 registers of AVX-512."""

series = types.UniTuple(vector, SERIES)


def _places(context: Any, builder: Any, kind: Any, array: Any, index: Any) -> list[Any]:
    """Addresses of the vectors of a series."""
    first = builder.bitcast(_place(context, builder, kind, array, index), _FLOATS.as_pointer())
    return [builder.gep(first, [ir.Constant(ir.IntType(64), i)]) for i in range(SERIES)]


@intrinsic
def load_series(typing: Any, array: Any, index: Any) -> Any:
    """Sixteen vectors that lie one behind the other in a C-contiguous float32 array."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        values = [builder.load(place) for place in _places(context, builder, sig.args[0], *args)]
        for value in values:
            value.align = _FLOAT_BYTES
        return context.make_tuple(builder, series, values)

    return series(array, types.intp), build


@intrinsic
def store_series(typing: Any, array: Any, index: Any, values: Any) -> Any:
    """Write sixteen vectors one behind the other into a C-contiguous float32 array."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        for i, place in enumerate(_places(context, builder, sig.args[0], *args[:2])):
            builder.store(builder.extract_value(args[2], i), place).align = _FLOAT_BYTES
        return context.get_dummy_value()

    return types.void(array, types.intp, series), build


@intrinsic
def advance(typing: Any, state: Any, keep: Any, gain: Any, array: Any, index: Any) -> Any:
    """One step of a linear recurrence in registers.

    With ``b`` sixteen numbers of a C-contiguous float32 array from an index on and ``c`` the sixteen after
    them: the series ``keep · state[i] + gain · b[i]``, and the sum over ``i`` of these times ``c[i]``.
    """
    found = types.Tuple((series, vector))

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        state, keep, gain, array, index = args
        first = _place(context, builder, sig.args[3], array, index)

        def number(i: int) -> Any:
            return _in_every_lane(builder, builder.load(builder.gep(first, [ir.Constant(ir.IntType(64), i)])))

        def times(a: Any, b: Any) -> Any:
            return builder.fmul(a, b, flags=_FLAGS)

        def plus(a: Any, b: Any) -> Any:
            return builder.fadd(a, b, flags=_FLAGS)

        values = [
            plus(times(keep, builder.extract_value(state, i)), times(gain, number(i))) for i in range(SERIES)
        ]
        parts = [times(value, number(SERIES + i)) for i, value in enumerate(values)]
        # two sums: neither waits for the other
        total = plus(reduce(plus, parts[::2]), reduce(plus, parts[1::2]))
        return context.make_tuple(builder, found, [context.make_tuple(builder, series, values), total])

    return found(state, keep, gain, array, types.intp), build


_LIMIT = 43.0  # two of these powers can be multiplied
_LOG2E, _LN2 = 1.44269504, 0.69314718
_ROUNDING = 1.5 * 2.0**23  # what is added to this is rounded, and the sum's last bits are the integer
# of least relative error between -ln 2 / 2 and ln 2 / 2, highest power first
_POLYNOMIAL = (1.38368251e-3, 8.37483231e-3, 4.16682268e-2, 1.666642e-1, 4.99999921e-1, 1.0, 1.0)


@intrinsic
def one_plus_exp_minus(typing: Any, x: Any) -> Any:
    """``1 + exp(-x)`` of every lane, relative error below 3e-7; arguments are held within ±43.

    Range reduction by powers of two and a polynomial. It rounds by adding and subtracting, so what calls it
    may not be compiled with "reassoc".
    """

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        def constant(value: float) -> Any:
            return ir.Constant(_FLOATS, [value] * LANES)

        def call(name: str, *operands: Any) -> Any:
            kind = ir.FunctionType(_FLOATS, [_FLOATS] * len(operands))
            function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")
            return builder.call(function, operands)

        def fused(value: Any, factor: Any, term: Any) -> Any:
            return builder.fadd(builder.fmul(value, factor, flags=_FLAGS), term, flags=_FLAGS)

        held = call("minnum", call("maxnum", args[0], constant(-_LIMIT)), constant(_LIMIT))
        shifted = fused(held, constant(-_LOG2E), constant(_ROUNDING))
        power = builder.fsub(shifted, constant(_ROUNDING))
        rest = fused(power, constant(-_LN2), builder.fneg(held))
        result = constant(_POLYNOMIAL[0])
        for coefficient in _POLYNOMIAL[1:]:
            result = fused(result, rest, constant(coefficient))
        exponent = builder.shl(builder.bitcast(shifted, _INTS), ir.Constant(_INTS, [23] * LANES))
        result = builder.bitcast(builder.add(builder.bitcast(result, _INTS), exponent), _FLOATS)
        return builder.fadd(constant(1.0), result, flags=_FLAGS)

    return vector(vector), build
