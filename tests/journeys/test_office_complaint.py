"""Somebody complains to the office, finds it again by its number, and reads what an officer answered under her name."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.core.db import db
from app.office.tickets.models import Ticket
from tests.factories.people import make_account
from tests.journeys.steps import follow, heading, let_in, press

WORDS = "Penjual tidak pernah menjawab, padahal uang sudah saya kirim hari Senin."
ANSWER = "Penjual sudah kami datangi. Uang dikembalikan besok."


@pytest.mark.journey
def test_a_complaint_to_the_office_from_its_number_to_its_answer(new_page, eyes, script):
    officer = make_account("curator", name="Ibu Lestari")
    person, desk = new_page(360, 640, javascript=script), new_page(360, 640, javascript=script)
    eyes.watch(person, desk)

    person.goto("/aduan")
    eyes.look(person, "aduan-kosong")
    press(person, "Kirim aduan")
    expect(person.get_by_text("Ceritakan apa yang terjadi.").first).to_be_visible()
    person.get_by_label("Penjual", exact=True).check()
    person.get_by_label("Apa yang terjadi?").fill(WORDS)
    person.get_by_label("Nomor HP Anda").fill("0813 7000 8877")
    eyes.look(person, "aduan-isi")
    press(person, "Kirim aduan")
    expect(person.get_by_text("Dijawab paling lambat")).to_be_visible()
    code = re.search(r"/aduan/([A-Z0-9]+)", person.url)[1]
    heading(person, f"Aduan {code}")
    eyes.look(person, "aduan-terkirim")

    let_in(desk, officer)
    eyes.look(desk, "aduan-meja")
    desk.get_by_role("link", name="Kabar").click()
    heading(desk, "Kabar")
    eyes.look(desk, "aduan-kabar")
    follow(desk, f"Aduan baru: {code}.")
    expect(desk.get_by_text(WORDS)).to_be_visible()
    desk.get_by_label("Jawaban").fill(ANSWER)
    eyes.look(desk, "aduan-jawab")
    press(desk, "Kirim jawaban")
    expect(desk.get_by_text("Jawaban tersimpan.")).to_be_visible()
    eyes.look(desk, "aduan-dijawab")

    person.goto("/aduan")
    follow(person, "Lihat jawaban aduan")
    person.get_by_label("Nomor aduan").fill(code.lower())
    person.get_by_label("Nomor HP di aduan").fill("0813 7000 8878")
    press(person, "Lihat")
    expect(person.get_by_text("Nomor aduan dan nomor HP ini tidak cocok.").first).to_be_visible()
    person.get_by_label("Nomor HP di aduan").fill("081370008877")
    eyes.look(person, "aduan-cari")
    press(person, "Lihat")
    expect(person.get_by_text(ANSWER)).to_be_visible()
    expect(person.get_by_text("Ibu Lestari")).to_be_visible()
    eyes.look(person, "aduan-selesai")

    db.session.rollback()
    kept = db.session.scalars(select(Ticket)).one()
    assert kept.made_at + timedelta(days=7) <= kept.due_at <= kept.made_at + timedelta(days=7, hours=10)
    assert kept.answered_by_id == officer.id
