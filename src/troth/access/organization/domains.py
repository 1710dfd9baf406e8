"""The mail domain that an account has confirmed, and whether it can stand for an organization."""

from troth.security.models import User
from troth.text.free_mail import is_free


def domain_of(user: User) -> str:
    """The domain of the confirmed address; "" for domains where anyone can get an address."""
    domain = user.address.rpartition("@")[2]
    return "" if is_free(domain) else domain
