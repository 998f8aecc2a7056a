"""The first account of an installation, made at the terminal."""

from __future__ import annotations

import secrets
import sys

import click
from flask import Flask

from app.core.db import transaction
from app.core.errors import DomainError
from app.people.accounts import hashing, operations
from app.people.places.queries import find_region

PASSWORD_BYTES = 15


def register(app: Flask) -> None:
    """Attach `flask accounts`."""
    group = click.Group("accounts", help="People who sign in.")

    @group.command("create-admin")
    @click.argument("username")
    @click.option("--name", default="Pengurus sistem", help="Name as colleagues see it.")
    @click.option("--region", default="", help="Code of the kabupaten; this installation's own when left out.")
    def create_admin(username: str, name: str, region: str) -> None:
        """Make an administrator and print a password, once; the second factor is set at the first sign-in."""
        code = region or app.extensions["lapak_settings"].regency_code
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        hashed = hashing.hash_password(password)
        if find_region(code) is None:
            sys.exit(f"Wilayah {code} tidak dikenal.")
        try:
            with transaction():
                operations.register_staff(
                    role="admin",
                    username=username.strip().casefold()[:60],
                    name=name,
                    region_code=code,
                    password_hash=hashed,
                    areas=[],
                    by=None,
                )
        except DomainError as refusal:
            sys.exit(str(refusal))
        click.echo(f"Nama pengguna: {username.strip().casefold()[:60]}")
        click.echo(f"Kata sandi:    {password}")
        click.echo("Masuk di /masuk/petugas, pasang kode 6 angka, lalu ganti kata sandi di /saya.")

    app.cli.add_command(group)
