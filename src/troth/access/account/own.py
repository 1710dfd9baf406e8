"""The owner's pages: sessions, address, password. Sensitive changes ask for the password again."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from troth.access import giving
from troth.access.account import actions, done, guards
from troth.access.account.history import describe_data, find_people, offers_of
from troth.access.account.joining import PasswordForm
from troth.collection.forms import known
from troth.collection.forms.normalize import CannotRead, email
from troth.desk import notices
from troth.records import accounts
from troth.security import entry, hops, proofs, sessions
from troth.security.factors import codes, passkeys
from troth.security.hashing import hashes
from troth.security.models import User
from troth.text import code, read_answer, read_id


@require_http_methods(["GET", "HEAD"])
@guards.signed_in_only
def account(request: HttpRequest) -> HttpResponse:
    """The account page: who is signed in, on which devices, and the ways to sign in."""
    user = guards.user_of(request)
    app, keys = codes.find_authenticator(user), passkeys.of(user)
    return guards.page(
        request,
        "account",
        user=user,
        known=known.self_shown(request),
        asked=_describe_asked(request, user),
        sessions=sessions.of(user),
        here=str(request.session.get("number", "")),
        app=app,
        passkeys=keys,
        codes_left=codes.recovery_codes_left(user) if app or keys else 0,
        offers=offers_of(user) if request.session.get(actions.OFFERS) else [],
    )


@require_POST
@guards.signed_in_only
def answer_offer(request: HttpRequest) -> HttpResponse:
    """Adds data that came in under another spelling of the address to the account, or leaves it out for good."""
    person, yes = read_id(request.POST.get("person", "")), read_answer(request.POST.get("do"), yes="add", no="decline")
    if person is None or yes is None:
        return notices.say_unclear(request, page=guards.HOME)
    accounts.answer_offer(user=guards.user_of(request).pk, person=person, yes=yes)
    return done.to_account(request, done.ADDED if yes else done.LEFT_OUT)


@require_POST
@guards.signed_in_only
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Ends the named session, or all but this one."""
    user, number = guards.user_of(request), read_id(request.POST.get("number", ""))
    if number is not None:
        ended = sessions.end(user, number=str(number))
        return done.to_account(request, done.DEVICE_ENDED if ended else done.NO_DEVICE)
    if request.POST.get("all") != "yes":
        return notices.say_unclear(request, page=guards.HOME)
    sessions.end(user, but=str(request.session.get("number", "")))
    return done.to_account(request, done.DEVICES_ENDED)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.fresh_only
def address(request: HttpRequest) -> HttpResponse:
    """Emails a secret to the new address and notifies the old one. Nothing changes until it is confirmed."""
    user, typed = guards.user_of(request), request.POST.get("address", "")
    if request.method != "POST" or user.person_id is None:
        return guards.page(request, "address", staff=user.person_id is None)
    if request.POST.get("do") == "cancel":
        asked = actions.find_asked_address(user, at_utc=timezone.now())
        canceled = asked is not None and actions.cancel_address(asked, at_utc=timezone.now())
        return done.to_account(request, done.ADDRESS_CANCELED if canceled else done.NO_CHANGE)
    if request.POST.get("do") == "again":
        return _send_again(request, user)
    try:
        new = email(typed)
    except CannotRead as problem:
        return guards.page(request, "address", status=400, error=str(problem), wrong="address", address=typed)
    if error := guards.count_try(request, guards.EMAILS, name=f"address {user.pk}"):
        return guards.page(request, "address", status=429, error=error, address=typed)
    actions.ask_address(user, new, at_utc=timezone.now())
    return guards.say_mailed(request, proofs.ADDRESS)


def _send_again(request: HttpRequest, user: User) -> HttpResponse:
    if error := guards.count_try(request, guards.EMAILS, name=f"address {user.pk}"):
        return guards.page(request, "address", status=429, error=error)
    asked = actions.find_asked_address(user, at_utc=timezone.now())
    sent = asked is not None and actions.ask_address_again(user, asked, at_utc=timezone.now())
    return done.to_account(request, done.ADDRESS_MAILED if sent else done.NO_CHANGE)


def _describe_asked(request: HttpRequest, user: User) -> Mapping[str, object] | None:
    """The change of address that waits: when it was asked, until when the link works, and what was emailed where."""
    asked = actions.find_asked_address(user, at_utc=timezone.now())
    if asked is None:
        return None
    since = asked.expires_utc - proofs.LASTING[proofs.ADDRESS]
    present, new = known.self_shown(request).get("email", ""), known.new_address(request, asked.person_id)
    mailed = actions.find_asked_emails(asked, present=present, new=new)
    return {"since_utc": since, "until_utc": asked.expires_utc, "address": new, "mailed": mailed}


@require_http_methods(["GET", "HEAD", "POST"])
@guards.signed_in_only
@hops.by_proof(proofs.ADDRESS)
def confirm_address(request: HttpRequest, proof: proofs.Proof) -> HttpResponse:
    """Switches to the new address, for the signed-in owner who opened the emailed link."""
    now, user = timezone.now(), guards.user_of(request)
    if proof.user_id != user.pk:
        return hops.show_gone(request, account=True)
    if request.method != "POST":
        return guards.page(request, "confirm_address")
    try:
        if not actions.change_address(proof, user, at_utc=now):
            return hops.show_gone(request, account=True)
    except actions.AddressTaken:
        error = _(
            "Another account now uses this address. Sign in to that account, or choose a different address for yours."
        )
        return guards.page(request, "confirm_address", status=409, error=error)
    known.look_again(request)
    return done.to_account(request, done.ADDRESS_CHANGED)


@hashes
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@guards.all_factors_only
def password(request: HttpRequest) -> HttpResponse:
    """Sets a new password if the current one is right; all other sessions end."""
    user = guards.user_of(request)
    form = PasswordForm(request.POST or None, words=[user.address, user.display_name])
    if request.method != "POST" or not form.is_valid():
        return guards.page(request, "password", status=400 if form.errors else 200, form=form)
    name = f"password {user.pk}"
    error = guards.count_try(request, guards.CODES, name=name)
    present, new = request.POST.get("present", ""), form.cleaned_data["password"]
    here = str(request.session.get("number", ""))
    right = not error and entry.knows(user, present)
    if not (right and actions.change_password(user, new, present=present, session=here, at_utc=timezone.now())):
        wrong = "" if error else "present"
        error = error or _("This isn’t your current password. Try again.")
        return guards.page(request, "password", status=400, form=form, error=error, wrong=wrong)
    guards.right(request, guards.CODES, name=name)
    entry.stay(request, user)
    return done.to_account(request, done.PASSWORD_CHANGED)


@require_http_methods(["GET", "HEAD", "POST"])
@guards.signed_in_only
def data(request: HttpRequest, person: UUID | None = None) -> HttpResponse:
    """The history of the account, or one submission's data and history; 404 for a stranger's. POST: its receipts."""
    if request.method == "POST":
        return _give(request, guards.user_of(request), person)
    return guards.page(request, "data", **describe_data(request, guards.user_of(request), person))


def _give(request: HttpRequest, user: User, person: UUID | None) -> HttpResponse:
    people = find_people(user, person)
    if request.POST.get("do") == "choices":
        return giving.give_consents(people)
    return giving.give_receipts(people, entry=code(request.POST.get("entry", "")))
