"""Logs: enough to find a fault, nothing that opens a page."""

from __future__ import annotations

import logging

import pytest
import structlog

TOKEN = "0123456789abcdef" * 2 + "01234567"
SIGNATURE = "abcdefgh12345678"


@pytest.fixture
def lines(app):
    """Everything that is logged, as loud as a real house logs."""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with structlog.testing.capture_logs() as told:
        yield told
    structlog.configure(wrapper_class=before)


@pytest.mark.parametrize("path", [f"/pesan/selesai/{TOKEN}", f"/pesan/selesai/{TOKEN}/", f"/pesan/selesai//{TOKEN}"])
def test_whoever_reads_the_log_cannot_open_an_order(client, lines, path):
    client.get(path)
    client.get(f"/pesanan/K7QF9X2?s={SIGNATURE}")

    told = str(lines)
    assert "/pesan/selesai/" in told
    assert "/pesanan/K7QF9X2" in told
    assert TOKEN not in told
    assert SIGNATURE not in told


def test_whoever_reads_the_log_cannot_answer_for_an_address(client, lines):
    client.get("/surel/12-1764700000-abcdefghij234567")

    assert "/surel/" in str(lines)
    assert "abcdefghij234567" not in str(lines)


@pytest.mark.parametrize(
    "path", ["/keterangan/K7QF9X2MBCDFG", "/keterangan//K7QF9X2MBCDFG", "/jualan/keterangan/K7QF9X2MBCDFG/surat.pdf"]
)
def test_whoever_reads_the_log_cannot_open_a_statement(client, lines, path):
    client.get(path)

    assert "/keterangan/" in str(lines)
    assert "K7QF9X2MBCDFG" not in str(lines)
