"""Kinds of mail and why someone has to look at one, as staff read it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from troth.collection.mailbox import heard, imap, routing
from troth.wording import Words

KINDS: Mapping[str, Words] = {
    "": _("Not read yet"),
    "reply": _("Reply"),
    "new": _("New email"),
    "bounce": _("Bounce"),
    "complaint": _("Spam complaint"),
    "automatic": _("Automatic reply"),
    "list": _("Mailing list"),
    "own": _("Our own email"),
    "spam": _("Spam"),
}
ANSWERED_BY_NOBODY: Mapping[str, Words] = {
    "spam": _("The filter of our mail server calls it spam."),
    "automatic": _("A program sent it, such as an out-of-office reply, so we don’t answer it."),
    "list": _("It came from a mailing list, so we don’t answer it."),
    "own": _("It’s one of our own emails, which came back."),
}
PROBLEMS: Mapping[str, Words] = {
    imap.SIGN_IN: _("The mail server refuses the sign-in. Check user and password."),
    imap.PASSWORD: _("The file with the mailbox’s password can’t be read."),
    imap.ENCRYPTION: _("The mail server’s certificate isn’t trusted, or it offers no encryption."),
    imap.CONNECTION: _("The mail server can’t be reached."),
    imap.ANSWER: _("The mail server answers with an error."),
    imap.DISK: _("The disk of this site is full."),
}
OUR_PROBLEM = _("It can’t be kept on our side. The log of this site says why.")
LEFT_OUT: Mapping[str, Words] = {
    "images": _("images, which would tell the sender that you read it"),
    "scripts": _("programs"),
    "forms": _("forms"),
    "frames": _("pages within the page"),
}
WHY: Mapping[str, Words] = {
    "": _("Nothing to do."),
    routing.UNMATCHED: _("No request takes it: what it answers is closed, deleted or unknown, or someone else’s."),
    routing.NO_SENDER: _("It names no sender whom we could answer."),
    routing.TOO_MANY: _("Its sender sent more than five emails today. Two programs may be answering each other."),
    routing.FORWARDED: _("A colleague passed it on. Say whose request it is."),
    routing.FAILED: _("Something went wrong on our side three times. Read it again after an update."),
    routing.GONE: _("Its file can’t be opened."),
    heard.UNPROVEN: _("It reports about an email that we can’t prove we sent, so no address was blocked."),
    heard.ELSEWHERE: _("It reports about an address that we didn’t write to, such as a forwarded one."),
    "time": _("Reading it took more than 5 seconds of computing time."),
    "memory": _("Reading it needed more memory than one email may use."),
    "died": _("The process that reads email stopped while reading it."),
    "too large": _("It is too large to be read. Only its headers are here; all of it is still in our mailbox."),
}
PRIVATE_LINKS = _(
    "The original has private links of the person in it, and anyone who opens one acts as them. So only staff who "
    "answer privacy requests can download it. Show the email instead: there, the links are hidden."
)
BROKEN = _("It is damaged, or made so that programs fail on it.")


def explain(why: str) -> Words:
    return WHY.get(why, BROKEN)
