"""Her own data on one page, what she asks about it, and the desk where requests are answered."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import personal
from app.core.clock import now
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.forms import Form, posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.kit import digits, phone
from app.office.requests import chapters, copies, forms, operations, policies, queries, rules, words
from app.office.requests.door import bp
from app.office.requests.models import DataRequest
from app.people.accounts.models import Account
from app.people.accounts.policies import is_seller_self
from app.people.accounts.queries import get_own
from app.people.families.queries import get_kpm

SHOWN = 5


@bp.get("/saya/data")
@allow(is_seller_self, get_own)
def own(account: Account) -> ResponseReturnValue:
    """Show her who looked at what is kept about her, where she reads all of it, and what she may ask."""
    seen = [each for each in personal.keepings() if each.name in chapters.SEEN]
    page = render_template(
        "office/requests/own.html",
        chapters=chapters.ALL,
        seen=copies.parts(queries.whose_own(account), seen, SHOWN),
        requests=[(each, words.state(each.state)) for each in queries.list_own(account.id)],
        fetchable=lambda each: rules.may_fetch(each.kind, each.state, each.closed_at, now()),
        ways=forms.BY_WORD,
    )
    return private_page(page)


@bp.get("/saya/data/<slug:chapter>")
@allow(is_seller_self, get_own)
def own_chapter(account: Account, chapter: str) -> ResponseReturnValue:
    """Show her one chapter of what is kept about her."""
    found = chapters.find(chapter)
    if found is None:
        raise NotFound(chapter)
    told = copies.parts(queries.whose_own(account), chapters.keepings_of(found), SHOWN)
    return private_page(render_template("office/requests/own_chapter.html", chapter=found, parts=told))


@bp.route("/saya/data/minta/<slug:kind>", methods=["GET", "POST"])
@allow(is_seller_self, get_own)
def ask(account: Account, kind: str) -> ResponseReturnValue:
    """Say what a request means before it is sent; the same again changes nothing."""
    if kind not in forms.BY_WORD:
        raise NotFound(kind)
    wanted, family = forms.BY_WORD[kind], queries.linked_family(account)
    form = forms.OwnForm(wanted)
    if not form.filled():
        there = queries.find_open(wanted, queries.About(account.id))
        return _page("ask", form, wanted=wanted, word=kind, family=family is not None, there=there)
    about_family = family is not None and (wanted != "erase" or form.keluarga.data)
    with transaction():
        kpm = get_kpm(family) if family is not None and about_family else None
        said = form.kata.data or ""
        operations.ask(wanted, account=account, kpm=kpm, words=said, source="own", by=current_actor())
    flash(_("Permintaan dicatat. Jawabannya muncul di halaman ini."), "success")
    return redirect(url_for("requests.own"), 303)


@bp.post("/saya/data/salinan/<id:data_request_id>")
@allow(policies.may_fetch, queries.get_request)
def fetch(wanted: DataRequest) -> ResponseReturnValue:
    """Have her own copy made, once it was opened for her."""
    if not rules.may_fetch(wanted.kind, wanted.state, wanted.closed_at, now()):
        raise NotFound(wanted)
    return _ordered(wanted)


@bp.get("/dinsos/permintaan-data")
@allow(policies.sees_requests)
def index() -> ResponseReturnValue:
    """List what waits for whoever looks, the nearest due first."""
    actor, answered = current_actor(), request.args.get("lihat") == "dijawab"
    start = digits.whole(request.args.get("setelah", "")) or 0
    found = queries.list_requests(actor, answered=answered, after=start)
    shown = found[: queries.PAGE]
    page = render_template(
        "office/requests/list.html",
        rows=[(each, words.state(each.state), _late(each)) for each in shown],
        answered=answered,
        more=start + len(shown) if len(found) > len(shown) else None,
        first=start == 0,
        may_enter=policies.enters_requests(actor),
        decides=actor.role == "approver",
    )
    return private_page(page)


@bp.route("/dinsos/permintaan-data/baru", methods=["GET", "POST"])
@allow(policies.enters_requests)
def new() -> ResponseReturnValue:
    """Write down what somebody asks on paper: find the person first, then say what is asked."""
    actor, form = current_actor(), forms.PaperForm()
    found = queries.find_people((form.orang.data or "")[:80], scope=actor)
    form.offer(found)
    chosen = next((each for each in found if each.value == posted("siapa")), None)
    if chosen is None or not form.filled() or not _seen(form):
        form.siapa.errors = []
        return _page("new", form, found=found, looked=bool(form.orang.data))
    with transaction():
        asked = operations.ask(
            form.jenis.data,
            account=chosen.account,
            kpm=chosen.kpm,
            buyer=chosen.buyer,
            words=form.kata.data or "",
            source="paper",
            by=actor,
        )
    return redirect(url_for("requests.show", data_request_id=asked.id), 303)


def _seen(form: forms.PaperForm) -> bool:
    if not form.surat.data:
        form.note("surat", _("Centang dulu."))
    return bool(form.surat.data)


@bp.get("/dinsos/permintaan-data/<id:data_request_id>")
@allow(policies.may_see, queries.get_request)
def show(asked: DataRequest) -> ResponseReturnValue:
    """Show one request, and what whoever looks may do with it."""
    return _shown(asked)


@bp.post("/dinsos/permintaan-data/<id:data_request_id>/buka")
@allow(policies.may_handle, queries.get_request)
def open_copy(asked: DataRequest) -> ResponseReturnValue:
    """Let the person fetch her copy."""
    with transaction():
        operations.open_copy(asked, by=current_actor())
    return _done(asked, _("Salinan dibuka. Orangnya bisa mengambil sendiri selama 30 hari."))


@bp.post("/dinsos/permintaan-data/<id:data_request_id>/berkas")
@allow(policies.may_handle, queries.get_request)
def make_copy(asked: DataRequest) -> ResponseReturnValue:
    """Have the copy made to be handed over by hand."""
    if asked.kind != "copy":
        raise NotFound(asked)
    return _ordered(asked)


@bp.post("/dinsos/permintaan-data/<id:data_request_id>/teruskan")
@allow(policies.may_handle, queries.get_request)
def hand_on(asked: DataRequest) -> ResponseReturnValue:
    """Hand a correction to those who keep what is wrong."""
    form = forms.HandForm()
    if not form.filled():
        return _shown(asked, hand=form)
    with transaction():
        operations.hand_to(asked, form.kepada.data, by=current_actor())
    return _done(asked, _("Permintaan diteruskan."))


@bp.post("/dinsos/permintaan-data/<id:data_request_id>/jawab")
@allow(policies.may_answer, queries.get_request)
def answer(asked: DataRequest) -> ResponseReturnValue:
    """Close with a sentence that the person reads."""
    form = forms.SentenceForm()
    if not form.filled():
        return _shown(asked, sentence=form)
    with transaction():
        operations.answer(asked, form.kalimat.data, by=current_actor())
    return _done(asked, _("Permintaan dijawab."))


@bp.post("/dinsos/permintaan-data/<id:data_request_id>/tolak")
@allow(policies.may_handle, queries.get_request)
def decline(asked: DataRequest) -> ResponseReturnValue:
    """Close without doing it, and say why."""
    form = forms.SentenceForm()
    if not form.filled():
        return _shown(asked, sentence=form)
    with transaction():
        operations.decline(asked, form.kalimat.data, by=current_actor())
    return _done(asked, _("Permintaan ditutup."))


@bp.post("/dinsos/permintaan-data/<id:data_request_id>/usulkan")
@allow(policies.may_handle, queries.get_request)
def propose(asked: DataRequest) -> ResponseReturnValue:
    """Propose an erasure; an approver decides."""
    form = forms.ReasonForm()
    if not form.filled():
        return _shown(asked, reason=form)
    with transaction():
        operations.propose(asked, form.alasan.data, by=current_actor())
    return _done(asked, _("Diusulkan. Kepala seksi yang memutuskan."))


@bp.get("/dinsos/permintaan-data/hapus/<id:erasure_id>")
@allow(policies.may_confirm, queries.get_erasure)
def decide(asked: DataRequest) -> ResponseReturnValue:
    """Show an approver what would be erased, and by whose proposal."""
    return _shown(asked)


@bp.post("/dinsos/permintaan-data/hapus/<id:erasure_id>/kembalikan")
@allow(policies.may_confirm, queries.get_erasure)
def send_back(asked: DataRequest) -> ResponseReturnValue:
    """Give a proposal back."""
    form = forms.SentenceForm()
    if not form.filled():
        return _shown(asked, sentence=form)
    with transaction():
        operations.send_back(asked, form.kalimat.data, by=current_actor())
    flash(_("Usulan dikembalikan."), "success")
    return redirect(url_for("requests.index"), 303)


@bp.post("/dinsos/permintaan-data/hapus/<id:erasure_id>/setuju")
@allow(policies.may_confirm, queries.get_erasure)
def erase(asked: DataRequest) -> ResponseReturnValue:
    """Erase, for good."""
    form = forms.ErasingForm()
    if not form.filled():
        return _shown(asked, erasing=form)
    with transaction():
        operations.confirm(asked, by=current_actor())
    flash(_("Data sudah dihapus."), "success")
    return redirect(url_for("requests.decide", erasure_id=asked.id), 303)


def _late(asked: DataRequest) -> bool:
    return rules.is_overdue(asked.due_at, asked.closed_at, now())


def _shown(asked: DataRequest, **sent: Form) -> ResponseReturnValue:
    """Show a request; a form that came back with mistakes stands where it was."""
    actor = current_actor()
    whose = queries.whose(asked.account, asked.kpm_id, asked.buyer_hash)
    bare: dict[str, Form] = {
        "sentence": forms.SentenceForm(formdata=None),
        "reason": forms.ReasonForm(formdata=None),
        "erasing": forms.ErasingForm(formdata=None),
    }
    facts: dict[str, Any] = {"hand": forms.HandForm(), **bare, **sent}
    page = render_template(
        "office/requests/show.html",
        asked=asked,
        said=words.said(asked),
        state=words.state(asked.state),
        late=_late(asked),
        shops=queries.shops_of(asked.account_id) if asked.account_id else [],
        going=queries.count_open_orders(whose),
        buyer=phone.mask(whose.phone) if asked.buyer_hash and whose.phone else "",
        handles=policies.may_handle(actor, asked),
        answers=policies.may_answer(actor, asked),
        confirms=policies.may_confirm(actor, asked),
        same_hands=asked.proposed_by_id == actor.id,
        **facts,
    )
    return private_page(page, 422 if sent else 200)


def _ordered(asked: DataRequest) -> ResponseReturnValue:
    form = posted("bentuk")
    if form not in operations.FORMS:
        raise NotFound(form)
    with transaction():
        wanted = operations.order_copy(asked, form, by=current_actor())
    return redirect(url_for("files.show", file_id=wanted.id), 303)


def _done(asked: DataRequest, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("requests.show", data_request_id=asked.id), 303)


def _page(name: str, form: Form, **facts: Any) -> ResponseReturnValue:
    status = 422 if form.is_submitted() and form.errors else 200
    return private_page(render_template(f"office/requests/{name}.html", form=form, **facts), status)
