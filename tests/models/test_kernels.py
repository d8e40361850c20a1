"""A kernel of another package is used only if its numbers are right and it is faster."""

import torch

from samba_gui.models.kernels import PLAIN, Kernel, kernel_for, the_better
from samba_gui.models.ssd import ssd

CPU = torch.device("cpu")


def slow(*problem):
    return [ssd(*problem) for _ in range(4)][-1]


def broken(*problem):
    raise RuntimeError("no kernel image is available for execution on the device")


def remembering():
    """The right answer without the work: what a faster kernel looks like from outside."""
    answers = []

    def solve(*problem):
        if not answers:
            answers.append(ssd(*problem, chunk=48))
        return answers[0]

    return solve


def test_a_faster_kernel_with_the_same_numbers_is_taken():
    faster = Kernel("faster", remembering())
    assert the_better(faster, CPU) is faster


def test_wrong_broken_and_slower_kernels_are_not():
    for name, solve in (
        ("wrong", lambda *problem: ssd(*problem) * 1.02),
        ("not a number", lambda *problem: ssd(*problem) * float("nan")),
        ("another shape", lambda *problem: ssd(*problem)[:, :1]),
        ("slow", slow),
        ("broken", broken),
    ):
        assert the_better(Kernel(name, solve), CPU) is PLAIN, name


def test_without_cuda_there_is_nothing_to_choose():
    assert kernel_for(CPU) is PLAIN
