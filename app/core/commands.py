"""Commands of the plumbing: recompute the books, run the worker."""

from __future__ import annotations

import sys

import click
from flask import Flask

from app.core import books, jobs


def register(app: Flask) -> None:
    """Attach `flask verify` and `flask jobs run`."""

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
