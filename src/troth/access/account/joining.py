"""Creating an account, and resetting a forgotten password."""

from contextlib import suppress
from typing import Any

from django import forms as fields
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from troth import in_force
from troth.access.account import actions, done, entering, guards
from troth.collection import forms
from troth.collection.forms import known
from troth.collection.forms.build import build
from troth.collection.forms.normalize import email
from troth.collection.forms.types.texts import MOST_OF_PASSWORD
from troth.desk import notices
from troth.security import entry, hops, limits, proofs
from troth.security.hashing import hashes
from troth.security.mailed import USE
from troth.security.passwords import refuse_telling
from troth.text import CannotRead, secret
from troth.text.signs import refuse_controls

PLACE = "form.account"


# Exempt from Django's check, which needs a session: the form's own nonce and the browser's Origin are in its place.
@hashes
@csrf_exempt
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """The sign-up form, then the same page for every address: check your email."""
    data = request.POST if request.method == "POST" else None
    form = build(in_force.policy(), PLACE, data=data, session=known.bind_to_session(request))
    if not form.is_bound:
        return guards.page(request, "sign_up", form=form, action=request.path)
    if refused := guards.elsewhere(request):
        form.add_error(None, refused)
    _check(request, form)
    if not form.is_valid():
        return guards.page(request, "sign_up", status=400, form=form, action=request.path)
    with suppress(forms.AlreadySent):  # The same form again: its email is on its way.
        actions.queue_sign_up(form)
    return guards.say_mailed(request, proofs.CONFIRM)


@hashes
@csrf_exempt
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_proof(proofs.CONFIRM)
def confirm(request: HttpRequest, proof: proofs.Proof) -> HttpResponse:
    """Creates the account for the person who opened the emailed link and knows the chosen password."""
    if request.method != "POST":
        return guards.page(request, "confirm")
    error = guards.elsewhere(request) or guards.count_try(request, guards.SECRETS, name=f"confirm {proof.id}")
    user = None if error else actions.confirm(proof, request.POST.get("password", ""), at_utc=timezone.now())
    if user is None:
        error = error or _("This isn’t the password you chose. If you forgot it, create the account again.")
        return guards.page(request, "confirm", status=400, error=error)
    response = entering.begin_session(request, user, way=entry.PASSWORD, next_page="")
    act = done.perform(done.CREATED, page=response.headers["Location"])
    response.headers["Location"] = notices.find_address(request, act)
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def show_forgotten(request: HttpRequest) -> HttpResponse:
    """Asks for the address; then the same page for every address."""
    if request.method != "POST":
        return guards.page(request, "forgotten")
    typed = request.POST.get("address", "")
    try:
        address = email(typed)
    except CannotRead as problem:
        return guards.page(request, "forgotten", status=400, error=str(problem), wrong="address", address=typed)
    if error := guards.elsewhere(request) or guards.count_try(request, guards.EMAILS, name=f"email {address}"):
        return guards.page(request, "forgotten", status=429, error=error, address=typed)
    actions.queue_forgotten(address)
    return guards.say_mailed(request, proofs.RESET)


@hashes
@csrf_exempt
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@hops.by_proof(proofs.RESET)
def reset(request: HttpRequest, proof: proofs.Proof) -> HttpResponse:
    """Sets a new password with the emailed link. Signing in, with the second factor, comes next."""
    form = PasswordForm(request.POST or None, words=[proof.user.address if proof.user else ""])
    if refused := request.method == "POST" and guards.elsewhere(request):
        form.add_error(None, refused)
    if request.method != "POST" or not form.is_valid():
        return guards.page(request, "reset", status=400 if form.errors else 200, form=form)
    if not actions.reset(proof, form.cleaned_data["password"], at_utc=timezone.now()):
        return hops.show_gone(request, USE, account=True)
    return guards.page(request, "mailed", what="done")


class PasswordForm(fields.Form):
    """A new password: at least 12 characters, not a common one, and not mostly a name."""

    password = fields.CharField(
        max_length=MOST_OF_PASSWORD,
        strip=False,
        widget=fields.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any, *, words: list[str]) -> None:
        super().__init__(data, auto_id="%s")
        self.words = words
        self.fields["password"].label = _("New password")
        self.fields["password"].help_text = _("At least 12 characters. 15 or more is better.")
        self.fields["password"].error_messages |= {
            "required": _("Fill this in."),
            "max_length": _("Shorten this to %(limit_value)d characters. It has %(show_value)d."),
        }

    def clean_password(self) -> str:
        password = secret(str(self.cleaned_data["password"]))
        check_new(password, words=self.words)
        return password


def check_new(password: str, *, words: list[str]) -> None:
    """Raises ValidationError that says what to change."""
    policy = in_force.policy()
    try:
        refuse_controls(password, many_lines=False)
    except CannotRead as problem:
        raise ValidationError(str(problem)) from problem
    validate_password(password)
    refuse_telling(password, words=[*words, policy.organization, policy.short_name])


def _check(request: HttpRequest, form: forms.PolicyForm) -> None:
    """Limits how often one network may try, and refuses passwords that are easy to guess."""
    try:
        limits.within(limits.SENT, address=limits.address_of(request), at_utc=timezone.now())
    except limits.TooMany as error:
        form.add_error(None, str(error))
    if "password" in form.errors or not form.password:
        return  # what is wrong elsewhere is said with what is wrong here
    try:
        check_new(form.password, words=[form.values.get("name", ""), form.values.get("email", "")])
    except ValidationError as error:
        form.add_error("password", error)
