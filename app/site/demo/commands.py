"""`flask demo`: fill a demonstration, tell its keys. Production refuses, and nothing is told where no mark stands."""

from __future__ import annotations

import time
from datetime import date, datetime

import click
import pyotp
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import inspect

from app.core import clock, vault
from app.core.db import db, transaction
from app.people.accounts import hashing
from app.people.accounts.models import Account
from app.people.accounts.operations import totp_place
from app.people.accounts.queries import find_staff
from app.site.demo import door, followed, heard, helped, operations, people, queries
from app.site.demo import families as families_book
from app.site.demo.pictures import drawer
from app.site.demo.plan import SEED, ZONE, Plan

MOST = 5_000_000


class Refused(click.ClickException):
    """One line for whoever stands at the terminal."""

    def show(self, file: object = None) -> None:
        """Print the line alone."""
        click.echo(f"Lapak Mandiri: {self.message}", err=True)


def load_first() -> int:
    """Fill the demonstration on the first start; a database that people use, or a real installation, is left alone.

    Raises:
        Refused: a real installation on a demonstration's database, whose keys anybody can read.
    """
    known = people.seed()
    if vault.settings().production and known is not None:
        raise Refused(door.SENTENCE)
    if vault.settings().production or known is not None or queries.has_people():
        return 0
    plan = Plan.of(clock.today(ZONE.key), SEED, None, None, None, None)
    added = sum(operations.load(plan, drawer(plan.seed), _hashes(plan)).values())
    return (
        added
        + families_book.load(plan, families_book.USUAL)
        + helped.load(plan)
        + followed.load(plan)
        + heard.load(plan)
    )


def greeting() -> list[str]:
    """Return the lines that tell a newcomer how to sign in; none where no demonstration stands."""
    seed = people.seed()
    if seed is None or vault.settings().production:
        return []
    office = [each for each in people.staff(seed) if each.username in {"kurator", "pendamping", "kepala"}]
    seller = people.sellers(_standing(seed))[0]
    return [
        "",
        "Akun contoh / demo accounts:",
        f"  penjual     {seller.phone}  kartu {seller.card_code}  PIN {seller.pin}",
        *(f"  {each.role:<11} {each.username}  kata sandi: {each.password}" for each in office),
        "  Kode 6 angka / one-time code:  .venv/bin/flask demo code kurator",
        "  Semua akun / all accounts:     .venv/bin/flask demo accounts",
    ]


def register(app: Flask) -> None:
    """Attach `flask demo`, and tell `flask serve` what to say."""
    app.extensions["lapak_greeting"] = greeting
    app.cli.add_command(demo)


@click.group("demo")
def demo() -> None:
    """Believable data of Kabupaten Serang, for trying things out."""


@demo.command("load")
@click.option("--products", type=click.IntRange(0, MOST), help="Products on sale.")
@click.option("--shops", type=click.IntRange(1, MOST), help="Shops.")
@click.option("--orders", type=click.IntRange(0, MOST), help="Orders in every state.")
@click.option("--sales", type=click.IntRange(0, MOST), help="Sales noted by hand.")
@click.option("--families", type=click.IntRange(0, MOST), default=families_book.USUAL, help="Families.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day the data is seen from.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed gives the same data.")
@with_appcontext
def load(
    *, products: int | None, shops: int | None, orders: int | None, sales: int | None, families: int,
    today: datetime | None, seed: int,
) -> None:  # fmt: skip
    """Fill a demonstration up to these numbers; what stands already is counted, never doubled."""
    _not_in_production()
    started = time.monotonic()
    _prepare()
    known = people.seed()
    if known is None and queries.has_people():
        raise Refused(
            "Basis data ini dipakai orang; data contoh hanya untuk basis data kosong. / Not an empty database."
        )
    if known is not None and known != seed:
        raise Refused(f"Data contoh di sini memakai --seed {known}. / This demonstration has another seed.")
    day: date = today.date() if today else clock.today(ZONE.key)
    plan = Plan.of(day, seed, products, shops, orders, sales)
    added = operations.load(plan, drawer(seed), _hashes(plan), say=lambda line: click.echo(f"  {line}", err=True))
    told = ", ".join(f"{number} {name}" for name, number in added.items())
    click.echo(f"Data contoh: {told} ({time.monotonic() - started:.1f} detik).")
    click.echo(f"Keluarga: {families_book.load(plan, families)} ditambahkan.")
    click.echo(f"Bantuan usaha: {helped.load(plan)} ditambahkan.")
    click.echo(f"Perkembangan: {followed.load(plan)} keluarga diikuti.")
    click.echo(f"Kata orang: {heard.load(plan)} pesanan, keluhan, ulasan dan aduan ditambahkan.")


@demo.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
def accounts(*, as_json: bool) -> None:
    """Tell the accounts of the demonstration and what opens them."""
    known = people.known(_standing(_mark()))
    if as_json:
        click.echo(people.as_json(known))
        return
    for each in known:
        keys = (each.username, each.phone, each.password, each.pin, each.card_code)
        click.echo(f"{each.role:<11} {each.name:<18} {each.region:<14} {'  '.join(filter(None, keys))}")


@demo.command("code")
@click.argument("username")
@with_appcontext
def code(username: str) -> None:
    """Print the six digits of now for a user name."""
    _mark()
    account = find_staff(username)
    if account is None or account.totp_sealed is None:
        raise Refused(f"Tidak ada petugas {username} dengan kode 6 angka. / No such account.")
    click.echo(pyotp.TOTP(_secret(account)).at(clock.now()))


def _secret(account: Account) -> str:
    return vault.unseal(account.totp_sealed or "", totp_place(account))


def _not_in_production() -> None:
    if vault.settings().production:
        raise Refused("Data contoh tidak ada di produksi. / There is no demonstration in production.")


def _mark() -> int:
    """Return the seed of this demonstration, or refuse."""
    _not_in_production()
    seed = people.seed() if inspect(db.engine).has_table("mark") else None
    if seed is None:
        raise Refused("Basis data ini bukan demo. / This database is not a demonstration.")
    return seed


def _standing(seed: int) -> Plan:
    return Plan(clock.today(ZONE.key), seed)


def _hashes(plan: Plan) -> dict[str, str]:
    """Hash each secret once, outside of any transaction's way."""
    pins = {each.pin for each in people.sellers(plan) if each.pin}
    return {people.PASSWORD: hashing.hash_password(people.PASSWORD)} | {pin: hashing.hash_pin(pin) for pin in pins}


def _prepare() -> None:
    """Make sure of tables and reference data; both are quick when they are there."""
    if not inspect(db.engine).has_table("mark"):
        upgrade()
    for _label, step in current_app.extensions["lapak_first_start"]:
        if step is not load_first:
            with transaction():
                step()
