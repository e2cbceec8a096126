"""Turns of writers: one after the other, and never forever."""

from __future__ import annotations

import threading
import time

import pytest

from gate.turns import turn


def test_one_waits_for_the_other(tmp_path):
    order = []
    inside = threading.Event()

    def first() -> None:
        with turn(tmp_path / "turn", seconds=30):
            inside.set()
            time.sleep(0.3)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(10)
    with turn(tmp_path / "turn", seconds=30):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_whoever_holds_it_for_too_long_is_not_waited_for_and_takes_nothing_with_it(tmp_path):
    with turn(tmp_path / "turn", seconds=30):
        started = time.monotonic()
        with turn(tmp_path / "turn", seconds=0.2):
            assert time.monotonic() - started >= 0.2
    started = time.monotonic()
    with turn(tmp_path / "turn", seconds=30):
        assert time.monotonic() - started < 10


def test_an_error_in_the_block_ends_the_turn(tmp_path):
    with pytest.raises(ValueError, match="x"), turn(tmp_path / "turn", seconds=30):
        raise ValueError("x")
    with turn(tmp_path / "turn", seconds=0):
        pass


def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / "turn").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="turn"), turn(tmp_path / "turn", seconds=1):
        pass
    assert not (tmp_path / "elsewhere").exists()
