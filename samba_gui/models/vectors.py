"""Sixteen float32 at once inside functions compiled by Numba.

Numba leaves vector code to the compiler's guesswork, which keeps the recurrence's state in memory between
any two operations. Here vectors are values: LLVM keeps them in registers and splits them where a CPU's are
narrower.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
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


@intrinsic
def spread_at(typing: Any, array: Any, index: Any) -> Any:
    """An element of a C-contiguous float32 array in every lane; nothing checks the bounds."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _in_every_lane(builder, builder.load(_place(context, builder, sig.args[0], *args)))

    return vector(array, types.intp), build


_LIMIT = 43.0  # two of these powers can be multiplied
_LOG2E, _LN2_HIGH, _LN2_LOW = 1.44269504, 0.693359375, -2.12194440e-4
_POLYNOMIAL = (
    *(1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2),
    *(1.6666665459e-1, 5.0000001201e-1, 1.0, 1.0),
)


@intrinsic
def exp(typing: Any, x: Any) -> Any:
    """The exponential of every lane, within 2 units in the last place; arguments are held within ±43.

    The usual one: range reduction by powers of two and a polynomial (Cephes, ``expf``).
    """

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        def constant(value: float) -> Any:
            return ir.Constant(_FLOATS, [value] * LANES)

        def call(name: str, *operands: Any) -> Any:
            kind = ir.FunctionType(_FLOATS, [_FLOATS] * len(operands))
            function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")
            return builder.call(function, operands)

        def less(value: Any, power: Any, factor: float) -> Any:
            return builder.fsub(value, builder.fmul(power, constant(factor), flags=_FLAGS), flags=_FLAGS)

        def plus(value: Any, factor: Any, term: float) -> Any:
            return builder.fadd(builder.fmul(value, factor, flags=_FLAGS), constant(term), flags=_FLAGS)

        held = call("minnum", call("maxnum", args[0], constant(-_LIMIT)), constant(_LIMIT))
        power = call("floor", plus(held, constant(_LOG2E), 0.5))
        rest = less(less(held, power, _LN2_HIGH), power, _LN2_LOW)
        result = constant(_POLYNOMIAL[0])
        for coefficient in _POLYNOMIAL[1:]:
            result = plus(result, rest, coefficient)
        exponent = builder.add(builder.fptosi(power, _INTS), ir.Constant(_INTS, [127] * LANES))
        scale = builder.bitcast(builder.shl(exponent, ir.Constant(_INTS, [23] * LANES)), _FLOATS)
        return builder.fmul(result, scale, flags=_FLAGS)

    return vector(vector), build
