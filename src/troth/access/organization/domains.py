"""Which mail domain an account has proven, and whether it can stand for an organization."""

from troth.security.models import User
from troth.text.free_mail import is_free


def domain_of(user: User) -> str:
    """The domain of the proven address, or "" where everyone may have one: it tells nothing of an organization."""
    domain = user.address.rpartition("@")[2]
    return "" if is_free(domain) else domain
