"""The message after an account action, shown once on the next page, with an undo where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from troth.access.account import guards

_KEY = "account done"
ADDED, LEFT_OUT, DEVICE_ENDED, DEVICES_ENDED = "added", "left out", "device ended", "devices ended"
ADDRESS_CHANGED, PASSWORD_CHANGED = "address changed", "password changed"
APP_REMOVED, PASSKEY_REMOVED, PASSKEY_ADDED = "app removed", "passkey removed", "passkey added"


@dataclass(frozen=True)
class AccountChange:
    """What happened, and what follows. `back` is the page that undoes or repeats it."""

    what: Promise
    then: "Promise | str" = ""
    back: str = ""
    button: "Promise | str" = ""


_DONE: Mapping[str, AccountChange] = {
    ADDED: AccountChange(
        _("You added it to your account."), _("It’s under Data & history."), "/account/data/", _("See it")
    ),
    LEFT_OUT: AccountChange(_("You left it out of your account."), _("We won’t ask again.")),
    DEVICE_ENDED: AccountChange(_("You signed out of that device."), _("It has to sign in again.")),
    DEVICES_ENDED: AccountChange(_("You signed out of all other devices."), _("Each has to sign in again.")),
    ADDRESS_CHANGED: AccountChange(
        _("You changed your email address."),
        _("You sign in with the new one from now on."),
        "/account/address/",
        _("Change it again"),
    ),
    PASSWORD_CHANGED: AccountChange(_("You changed your password."), _("All other devices were signed out.")),
    APP_REMOVED: AccountChange(
        _("You removed your authenticator app."),
        _("Its codes no longer work."),
        "/account/app/",
        _("Add an authenticator app"),
    ),
    PASSKEY_REMOVED: AccountChange(
        _("You removed the passkey."),
        _("It can’t be used to sign in anymore."),
        "/account/passkey/",
        _("Add a passkey"),
    ),
    PASSKEY_ADDED: AccountChange(_("You added a passkey."), _("You can sign in with it from now on.")),
}


def note(request: HttpRequest, what: str) -> None:
    """Shows this message the next time the account page opens."""
    request.session[_KEY] = what


def to_account(request: HttpRequest, what: str, anchor: str = "") -> HttpResponse:
    note(request, what)
    return guards.to(f"{guards.HOME}{anchor}")


def tell_once(request: HttpRequest) -> AccountChange | None:
    """The message of the last action; nothing the second time."""
    return _DONE.get(str(request.session.pop(_KEY, "")))
