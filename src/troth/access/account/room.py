from django.utils.translation import gettext_lazy as _

from troth.access.account import demo
from troth.access.account.actions import PURPOSE, SECURITY_PURPOSE, AccountFacts
from troth.access.account.done import DONE
from troth.access.account.entries import ENTRIES
from troth.access.persons import PEOPLE, read_people
from troth.desk.portal import PortalTab
from troth.desk.room import MenuEntry, Part, Room
from troth.outbox.emails import Email, EmailKind, at_once
from troth.security.entrances import Entrance

_CONFIRM = _("address confirmation")

ROOM = Room(
    name="account",
    done=DONE,
    purposes=(PURPOSE, SECURITY_PURPOSE),
    places=("form.account", "automatic.cookie"),
    urls="troth.access.account.urls",
    pages=(MenuEntry("account", "/account/new/", _("Create an account"), place="form.account"),),
    entrances={
        Entrance.SIGN_IN: "/sign-in/",
        Entrance.SIGN_OUT: "/sign-out/",
        Entrance.FORGOTTEN: "/sign-in/forgotten/",
        Entrance.ACCOUNT: "/account/",
        Entrance.AGAIN: "/account/again/",
        Entrance.FACTOR: "/account/app/",
        Entrance.PROOF: "/account/{what}/{token}/",
        Entrance.STAFF: "/console/sign-in",
        Entrance.STAFF_OUT: "/console/sign-out",
    },
    parts=(Part("header", "account/parts/header.html"),),
    beside_user={PEOPLE: read_people},
    desk_urls="troth.access.account.desk_urls",
    tabs=(PortalTab("/account/", _("Account"), 60),),
    emails=(
        Email(
            "confirm",
            _CONFIRM,
            PURPOSE,
            EmailKind.SECURITY,
            at_once("address given"),
            if_known="known",
            facts=AccountFacts,
        ),
        Email("known", _CONFIRM, PURPOSE, EmailKind.SECURITY, at_once("address given"), facts=AccountFacts),
        Email(
            "address",
            _CONFIRM,
            PURPOSE,
            EmailKind.SECURITY,
            at_once("address given"),
            if_known="known",
            facts=AccountFacts,
        ),
        Email(
            "reset",
            _("password reset"),
            PURPOSE,
            EmailKind.SECURITY,
            at_once("password reset asked"),
            facts=AccountFacts,
        ),
        Email(
            "notice",
            _("account notification"),
            SECURITY_PURPOSE,
            EmailKind.SECURITY,
            at_once("account activity"),
            facts=AccountFacts,
        ),
    ),
    entries=ENTRIES,
    demo=demo.seed,
    demo_after=demo.end_requests,
    apart={
        "user": "the account's own row: its address is one of the values, its password a hash that tells nothing",
        "session": "listed under the ways to sign in; its token would sign someone in",
        "device": "a browser used before, as a hash",
        "passkey": "listed under the ways to sign in; only the device holds what opens it",
        "authenticator": "a secret shared with the person's app: a copy of it would be one key more",
        "recovery_code": "hashes of codes that only the person holds",
        "proof": "a mailed secret that is waiting to be used, as a hash",
        "private_link": "the hash of a mailed link",
        "staff_secret": "of members of staff: a password's hash",
        "staff_seat": "of members of staff: who signed in where",
        "saved_view": "of members of staff: filters of their lists",
        "desk_setting": "of members of staff: how they have the console",
        "bulk_run": "of members of staff: which requests they changed at once, by number",
        "account_person": "which of the people in the copy are one account",
        "joining_offer": "what could be joined with the account is offered on its page",
    },
    erase=(
        "user",
        "session",
        "device",
        "passkey",
        "authenticator",
        "recovery_code",
        "proof",
        "account_person",
        "joining_offer",
    ),
    stays={
        "private_link": "`erase` ends it, and its page says that nothing is held",
        "staff_secret": "of members of staff, whose accounts are closed and not erased",
        "staff_seat": "of members of staff, whose accounts are closed and not erased",
        "saved_view": "of members of staff, whose accounts are closed and not erased",
        "desk_setting": "of members of staff, whose accounts are closed and not erased",
        "bulk_run": "of members of staff; deleted by itself when it is old",
    },
)
