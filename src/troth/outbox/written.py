"""An email as it goes over the line: laid out in bytes, and not signed yet."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr


@dataclass(frozen=True)
class WrittenEmail:
    """Head and body with CRLF at each line's end; `sender` is whom it is from, `address` whom it goes to."""

    sender: str
    address: str
    head: bytes
    body: bytes

    @property
    def data(self) -> bytes:
        return self.head + b"\r\n" + self.body


def lay_out(message: EmailMessage) -> WrittenEmail:
    """The message in bytes that every mail server takes."""
    data = message.as_bytes(policy=message.policy.clone(linesep="\r\n", cte_type="7bit"))
    head, _blank, body = data.partition(b"\r\n\r\n")
    sender, address = parseaddr(str(message["From"]))[1], parseaddr(str(message["To"]))[1]
    return WrittenEmail(sender, address, head + b"\r\n", body)
