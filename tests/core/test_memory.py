"""What was freed goes back to the system."""

from __future__ import annotations

import sys

import psutil
import pytest

from samba_gui.core.memory import give_back

BLOCK = 64 << 10  # small enough to come from the heap


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_freed_blocks_below_a_live_one_go_back():
    blocks = [bytes(BLOCK) for _ in range(2000)]
    last = blocks.pop()
    blocks.clear()
    before = psutil.Process().memory_info().rss
    give_back()
    assert before - psutil.Process().memory_info().rss > 500 * BLOCK
    assert len(last) == BLOCK
