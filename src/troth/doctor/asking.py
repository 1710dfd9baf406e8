"""One HTTP request without redirects, for a check: the response, or a sentence that says why there is none."""

import http.client
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

_WITHIN_SECONDS = 10


class Unreachable(Exception):
    """Nobody answers there; the message says why."""


@dataclass(frozen=True)
class HeardAnswer:
    status: int
    leads_to: str
    text: str


def ask(address: str) -> HeardAnswer:
    """The response. The certificate is verified as a browser would. Raises Unreachable."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_WITHIN_SECONDS)
    try:
        connection.request("GET", parts.path or "/")
        answer = connection.getresponse()
        body = answer.read(200).decode("utf-8", "replace").strip()
        return HeardAnswer(answer.status, answer.headers.get("Location", ""), body.splitlines()[0] if body else "")
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(f"the certificate is not valid: {error.verify_message}") from error
    except TimeoutError as error:
        raise Unreachable(f"no answer within {_WITHIN_SECONDS} seconds") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(getattr(error, "strerror", None) or type(error).__name__) from error
    finally:
        connection.close()
