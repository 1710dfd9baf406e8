"""Whether the time of an answer tells that an address is known: each form is sent known and unknown ones by turns.

The figure is the area under the curve of the two samples (Mann-Whitney): 0.5 tells nothing, 1 tells all.
"""

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

from bench.figures import Figure
from bench.rights import Dora

AUC = 0.55
PROBES, FEWER = 2_000, 1_000
"""Of sign-in, which anyone may try, and of every other form. Of 400, one run in twelve misses the limit by chance."""
SIGN_IN = "sign-in"
_BROWSER = {"HTTP_ORIGIN": "http://localhost", "HTTP_SEC_FETCH_SITE": "same-origin"}
Probe = Callable[[Any, str], Callable[[], Any]]
"""Of a browser and an address: what sends the form, which was opened before."""


class LightArgon2(Argon2PasswordHasher):
    """The same hash with little work, so that its noise hides no difference."""

    time_cost, memory_cost, parallelism = 1, 1024, 1


def figures(her: Dora) -> Iterator[Figure]:
    """Of each form, with addresses as long as each other."""
    from django.contrib.auth.hashers import make_password
    from django.test.utils import override_settings

    from troth.security.models import User

    logging.disable(logging.WARNING)
    try:
        with override_settings(PASSWORD_HASHERS=["bench.probing.LightArgon2"]):
            User.objects.filter(pk=her.user).update(password=make_password("seven brass valves leak"))
            for name, probe in _FORMS.items():
                yield _of(name, probe, probes=PROBES if name == SIGN_IN else FEWER)
    finally:
        logging.disable(logging.NOTSET)


def auc(first: list[float], second: list[float]) -> float:
    """How surely the one sample is told from the other, whichever is the slower."""
    ranked = sorted([(taken, 0) for taken in first] + [(taken, 1) for taken in second])
    ranks = sum(place for place, (_taken, which) in enumerate(ranked, start=1) if which == 0)
    share = (ranks - len(first) * (len(first) + 1) / 2) / (len(first) * len(second))
    return max(share, 1 - share)


def _of(name: str, probe: Probe, *, probes: int) -> Figure:
    known: list[float] = []
    unknown: list[float] = []
    for number in range(probes // 2 + 5):
        # Which of the two comes first changes, for the second finds what the first has warmed.
        order = ((known, "dora"), (unknown, f"d{number % 1000:03d}"))
        for times, who in order if number % 2 else reversed(order):
            times.append(_taken(probe, f"{who}@bench.example"))
    return Figure(
        f"address known or not, by time of {name}",
        auc(known[5:], unknown[5:]),
        "AUC",
        AUC,
        note=f"{probes:,} probes; 0.5 tells nothing",
    )


def _taken(probe: Probe, address: str) -> float:
    """Seconds of the answer alone, each from a network of its own and with no try counted, so that no limit is met.

    What it stored is undone: each request of an address makes the next one of it take longer, however few gave it."""
    from django.db import transaction

    from troth.security.models import RateCount

    number, client = next(_NETWORKS), _browser()
    client.cookies.clear()
    client.defaults["REMOTE_ADDR"] = f"10.{number >> 8}.{number & 255}.1"
    send = probe(client, address)
    RateCount.objects.all().delete()
    with transaction.atomic():
        start = time.perf_counter()
        answer = send()
        taken = time.perf_counter() - start
        transaction.set_rollback(True)
    assert answer.status_code in (200, 303, 400), f"{address}: {answer.status_code}"
    return taken


@cache
def _browser() -> Any:
    """The same for all: each new one would load the middleware again, which takes longer than the form."""
    from django.test import Client

    return Client(headers={"host": "localhost"})


def _sign_in(client: Any, address: str) -> Callable[[], Any]:
    return lambda: client.post("/sign-in/", {"address": address, "password": "not the one"}, **_BROWSER)


def _forgotten(client: Any, address: str) -> Callable[[], Any]:
    return lambda: client.post("/sign-in/forgotten/", {"address": address}, **_BROWSER)


def _form(path: str, values: Mapping[str, str]) -> Probe:
    def prepared(client: Any, address: str) -> Callable[[], Any]:
        found = re.search(r'name="nonce" value="([^"]+)"', client.get(path).content.decode())
        assert found, path
        data = {"nonce": found[1], "email": address, **values}
        return lambda: client.post(path, data, **_BROWSER)

    return prepared


_ASKED = {"name": "Somebody", "note": "Please."}
_FORMS: Mapping[str, Probe] = {
    SIGN_IN: _sign_in,
    "sign-up": _form("/account/new/", {"name": "Somebody", "password": "eleven tin drums roll"}),
    "forgotten password": _forgotten,
    "request for a copy": _form("/privacy/requests/copy/", _ASKED),
}
_NETWORKS = count()
