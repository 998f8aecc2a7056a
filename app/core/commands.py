"""Commands of the plumbing: recompute the books, run the worker."""

from __future__ import annotations

import sys

import click
from flask import Flask

from app.core import books, jobs, keyring, vault


def register(app: Flask) -> None:
    """Attach `flask verify`, `flask jobs run` and `flask keys turn`."""

    @app.cli.command("verify")
    def verify() -> None:
        """Recompute every book from its rows; exit 1 and name the rows when one is wrong."""
        wrong = False
        for name, findings in books.verify():
            click.echo(f"{name}: {'benar' if not findings else f'{len(findings)} salah'}")
            for finding in findings:
                click.echo(f"  {finding}")
            wrong = wrong or bool(findings)
        sys.exit(1 if wrong else 0)

    group = click.Group("jobs", help="Clocks, notices, pictures.")

    @group.command("run")
    @click.option("--once", is_flag=True, help="Do what is due, then end.")
    def run(*, once: bool) -> None:
        """Work through what is due, again and again."""
        with app.app_context():
            jobs.work(once=once)

    app.cli.add_command(group)
    keys = click.Group("keys", help="The ring of keys that seals identity fields.")

    @keys.command("turn")
    @click.option("--batch", default=keyring.AT_ONCE, show_default=True, help="Values in one transaction.")
    def turn(batch: int) -> None:
        """Seal everything anew with the first key of the ring; stopped half-way, run it again."""
        turned = keyring.turn_all(max(1, batch))
        for each in keyring.list_sealed():
            closed = turned.closed[each.name]
            click.echo(f"{each.name}: {turned.done[each.name]}" + (f", {closed} tidak bisa dibuka" if closed else ""))
        newest, *older = (name for name, _key in vault.settings().field_keys)
        if not turned.closed and older:
            click.echo(f"Semua di bawah kunci {newest}. Boleh dilepas setelah sejam: {', '.join(older)}.")
        sys.exit(1 if turned.closed else 0)

    app.cli.add_command(keys)
