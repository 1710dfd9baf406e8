"""What an act on the account did. Acts on ways to sign in lead to the next step and can't be undone by one button."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from troth.access.account import actions, guards
from troth.desk import notices
from troth.desk.done import DoneKind, DoneNotice, PerformedAct, say_always

CREATED = "account/created"
ADDED, LEFT_OUT = "account/added", "account/left out"
DEVICE_ENDED, DEVICES_ENDED = "account/device ended", "account/devices ended"
ADDRESS_CHANGED, PASSWORD_CHANGED = "account/address changed", "account/password changed"
ADDRESS_MAILED, ADDRESS_CANCELED = "account/address mailed", "account/address canceled"
NO_CHANGE, NO_DEVICE = "account/no change", "account/no device"
NO_APP = "account/no app"
APP_REMOVED, PASSKEY_REMOVED, PASSKEY_ADDED = "account/app removed", "account/passkey removed", "account/passkey added"


def _tell_password_changed(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    emailed = actions.can_tell(guards.user_of(request))
    then = _("All other devices were signed out, and we’re emailing you about it.")
    return DoneNotice(
        sentences=(_("You changed your password."),),
        then=then if emailed else _("All other devices were signed out."),
        address="/account/#sessions",
        button=_("See where you’re signed in"),
    )


DONE: Mapping[str, DoneKind] = {
    CREATED: say_always(
        _("Your account is ready."),
        _("To protect it further, add a passkey or an authenticator app."),
        "/account/#factors",
        _("See ways to sign in"),
    ),
    ADDED: say_always(
        _("You added it to your account."), _("It’s under Data & history."), "/account/data/", _("See what we hold")
    ),
    LEFT_OUT: say_always(_("You left it out of your account."), _("We won’t ask again.")),
    DEVICE_ENDED: say_always(
        _("You signed out of that device."),
        _("It has to sign in again. If you don’t recognize it, change your password."),
        "/account/password/",
        _("Change password"),
    ),
    DEVICES_ENDED: say_always(
        _("You signed out of all other devices."),
        _("Each has to sign in again. If you don’t recognize one, change your password."),
        "/account/password/",
        _("Change password"),
    ),
    ADDRESS_CHANGED: say_always(
        _("You changed your email address."),
        _("You sign in with the new one from now on."),
        "/account/address/",
        _("Change it again"),
    ),
    ADDRESS_MAILED: say_always(
        _("We’re emailing the link to the new address again."), _("Only the newest link works.")
    ),
    ADDRESS_CANCELED: say_always(
        _("You canceled the change of your email address."),
        _("The link that we emailed no longer works, and we deleted the new address."),
        "/account/address/",
        _("Change email address"),
    ),
    NO_CHANGE: say_always(
        _("No change of your email address is waiting."),
        _("It was confirmed, canceled or not confirmed in time."),
        "/account/address/",
        _("Change email address"),
    ),
    PASSWORD_CHANGED: DoneKind(_tell_password_changed),
    NO_DEVICE: say_always(
        _("That device isn’t signed in to your account."), _("You can see here where you’re signed in.")
    ),
    NO_APP: say_always(
        _("There are no recovery codes without an authenticator app."),
        _("You get them when you add one."),
        "/account/app/",
        _("Add an authenticator app"),
    ),
    APP_REMOVED: say_always(
        _("You removed your authenticator app."),
        _("Its codes no longer work."),
        "/account/app/",
        _("Add an authenticator app"),
    ),
    PASSKEY_REMOVED: say_always(
        _("You removed the passkey."),
        _("It can’t be used to sign in anymore."),
        "/account/passkey/",
        _("Add a passkey"),
    ),
    PASSKEY_ADDED: say_always(
        _("You added a passkey."),
        _("You can sign in with it from now on."),
        "/account/#factors",
        _("See ways to sign in"),
    ),
}


def perform(what: str, *, page: str = guards.HOME) -> PerformedAct:
    return PerformedAct(what, (), timezone.now(), page)


def to_account(request: HttpRequest, what: str) -> HttpResponse:
    return notices.lead_on(request, perform(what))
