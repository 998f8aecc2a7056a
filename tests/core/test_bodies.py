"""Large bodies: in whole before anything is worked on, then so many at once."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.core.bodies import AT_ONCE, LARGE_BYTES, Line

MOST = 4 * LARGE_BYTES
SENDERS = 8


class Slow(io.BytesIO):
    """A phone whose body comes in small parts, and only while `gone` is not set."""

    def __init__(self, data: bytes, gone_after: int | None = None) -> None:
        """Send `data`, or the beginning of it."""
        super().__init__(data[:gone_after])

    def read(self, size=-1):
        """Give a little."""
        return super().read(min(size, 1000) if size > 0 else size)


def ask(app, stream, length):
    """Send a body through the line."""
    return b"".join(app({"CONTENT_LENGTH": str(length), "wsgi.input": stream}, lambda *_: None))


def echo(environ, start_response):
    """Answer with what was sent."""
    return [environ["wsgi.input"].read()]


@pytest.mark.parametrize("length", [0, 1, LARGE_BYTES, LARGE_BYTES + 1, MOST])
def test_a_body_arrives_as_it_was_sent(length):
    data = bytes(number % 251 for number in range(length))

    assert ask(Line(echo, MOST), Slow(data), length) == data


def test_a_phone_that_goes_away_leaves_what_it_sent():
    assert ask(Line(echo, MOST), Slow(b"a" * MOST, 9_000), MOST) == b"a" * 9_000


@pytest.mark.parametrize("length", [MOST + 1, 10**30, "-5", "²", "viel", ""])
def test_what_is_too_large_or_says_no_length_is_not_taken_in(length):
    stream = Slow(b"a" * 10)

    ask(Line(lambda environ, _: [str(environ["wsgi.input"] is stream).encode()], MOST), stream, length)

    assert stream.tell() == 0


def most_inside(length: int, expected: int) -> int:
    """Let eight send at the same moment; return how many were worked on together, once so many have met."""
    inside, most, guard, met = [], [], threading.Lock(), threading.Event()

    def work(environ, start_response):
        with guard:
            inside.append(1)
            most.append(len(inside))
            if len(inside) == expected:
                met.set()
        met.wait(30)
        threading.Event().wait(0.05)  # one too many would come now
        with guard:
            inside.pop()
        return [b""]

    line = Line(work, MOST)
    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(lambda _: ask(line, Slow(b"a" * length), length), range(SENDERS)))
    return max(most)


def test_only_so_many_large_bodies_are_worked_on_at_once_and_small_ones_pass_them_by():
    assert most_inside(LARGE_BYTES + 1, AT_ONCE) == AT_ONCE
    assert most_inside(100, AT_ONCE + 1) > AT_ONCE


def test_a_phone_that_sends_slowly_keeps_nobody_out():
    line, still = Line(echo, MOST), threading.Event()

    class Stuck(io.BytesIO):
        def read(self, size=-1):
            still.wait(10)
            return b""

    with ThreadPoolExecutor(2 * AT_ONCE) as senders:
        stuck = [senders.submit(ask, line, Stuck(), MOST) for _ in range(AT_ONCE + 1)]
        assert ask(line, Slow(b"b" * MOST), MOST) == b"b" * MOST
        assert not [each for each in stuck if each.done()]
        still.set()


def test_an_error_inside_gives_its_place_back():
    def broken(environ, start_response):
        raise ValueError("inside")

    line = Line(broken, MOST)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ValueError, match="inside"):
            ask(line, Slow(b"c" * MOST), MOST)
