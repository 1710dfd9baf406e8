"""Passwords: how much work one costs, who pays it, and where it is done."""

import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import Any

import pytest
from argon2.low_level import hash_secret_raw
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver
from tests.accounts import ALICE, PASSWORD, account, sign_in
from tests.visits import BROWSER, staff, visitor

from troth.security import hashing, knowing
from troth.security.models import User

pytestmark = pytest.mark.real_cost

HASH = "argon2$argon2id$v=19$m=19456,t=2,p=1$"
OLD = "argon2$argon2id$v=19$m=102400,t=2,p=8$"


@pytest.fixture
def work(monkeypatch: Any) -> list[str]:
    """Each piece of hashing work, as it was done."""
    done: list[str] = []
    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, _noted(getattr(Argon2PasswordHasher, name), HASH, done))
    monkeypatch.setattr(knowing, "hash_secret_raw", _noted(hash_secret_raw, "", done))
    return done


def _noted(real: Any, cost: str, done: list[str]) -> Any:
    """`cost`: what it costs; empty where it is among what is given."""

    def work(*given: Any, **numbers: Any) -> Any:
        asked = "argon2$argon2id$v=19$m={memory_cost},t={time_cost},p={parallelism}$"
        done.append(cost or asked.format(**numbers))
        return real(*given, **numbers)

    return work


def test_a_hash_costs_19_mebibytes_two_passes_and_one_lane() -> None:
    assert make_password(PASSWORD).startswith(HASH)


@pytest.mark.usefixtures("site")
def test_a_hash_of_before_still_opens_and_is_made_anew_at_the_next_sign_in(run_jobs: Any) -> None:
    account(ALICE, run_jobs)
    user = User.objects.at(ALICE["email"])
    assert user
    user.password = Argon2PasswordHasher().encode(PASSWORD, Argon2PasswordHasher().salt())
    user.save()
    assert user.password.startswith(OLD)
    assert sign_in(ALICE["email"]).status_code == 303
    assert User.objects.get(pk=user.pk).password.startswith(HASH)
    assert sign_in(ALICE["email"]).status_code == 303


@pytest.mark.usefixtures("site")
@pytest.mark.clause("S1")
@pytest.mark.parametrize(("wrong", "pieces"), [("not her password", 1), ("not he\u0301r password", 2)])
def test_an_unknown_name_costs_the_same_work_as_a_wrong_password(
    run_jobs: Any, work: list[str], wrong: str, pieces: int
) -> None:
    """Twice where a password may be kept in two forms: as composed today, and as it was typed long ago."""
    account(ALICE, run_jobs)
    staff("ines")
    paid = []
    for address, form in (
        ("/sign-in/", {"address": ALICE["email"], "password": wrong}),
        ("/sign-in/", {"address": "nobody@nowhere.example", "password": wrong}),
        ("/sign-in/", {"address": "no address", "password": wrong}),
        ("/console/sign-in", {"username": "ines", "password": wrong}),
        ("/console/sign-in", {"username": "nobody", "password": wrong}),
    ):
        work.clear()
        assert visitor().post(address, form, **BROWSER).status_code == 400
        paid.append([*work])
    assert paid == [[HASH] * pieces] * 5


def test_a_view_that_hashes_without_saying_so_is_an_error() -> None:
    def view(request: Any) -> HttpResponse:
        return HttpResponse(make_password(PASSWORD))

    request, shown = RequestFactory().post("/"), RequestFactory().get("/")
    with pytest.raises(hashing.HashedInAPage):
        hashing.pages_hash_nothing(view)(request)
    answer = hashing.pages_hash_nothing(hashing.hashes(view))(request)
    assert isinstance(answer, HttpResponse)
    assert answer.content.decode().startswith(HASH)
    with pytest.raises(hashing.HashedInAPage):  # looking at the form is a page like others
        hashing.pages_hash_nothing(hashing.hashes(view))(shown)
    assert make_password(PASSWORD).startswith(HASH)  # a command may


def test_one_core_is_left_to_pages(monkeypatch: Any) -> None:
    inside, most, lock = 0, 0, threading.Lock()
    both = threading.Barrier(hashing.AT_ONCE)

    def encode(self: Any, password: str, salt: str) -> str:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        both.wait(10)  # as many as may be are inside at one time
        with lock:
            inside -= 1
        return ""

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _n: hashing.Argon2id().encode("x", "y"), range(8 * hashing.AT_ONCE)))
    assert most == hashing.AT_ONCE


def test_a_process_waits_for_turns_that_another_one_has_and_gets_those_of_one_that_was_killed() -> None:
    forked, taken = multiprocessing.get_context("fork"), []
    theirs, ours = forked.Pipe()
    other = forked.Process(target=_keep_all_turns, args=(theirs,))
    other.start()
    assert ours.recv() == "all"
    waiting = threading.Thread(target=lambda: taken.append(make_password(PASSWORD)))
    waiting.start()
    waiting.join(0.3)
    assert not taken
    other.kill()
    waiting.join(10)
    other.join()
    assert taken


def _keep_all_turns(told: Connection) -> None:
    with ExitStack() as turns:
        for _number in range(hashing.AT_ONCE):
            turns.enter_context(hashing.turn())
        told.send("all")
        threading.Event().wait()


def test_the_views_that_hash_are_those_that_ask_for_a_password() -> None:
    assert set(_marked(get_resolver())) == {
        "sign-in",
        "account.new",
        "account.confirm",
        "account.reset",
        "account.again",
        "account.password",
        "console-sign-in",
    }


def _marked(resolver: Any) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _marked(pattern)
        elif getattr(pattern.callback, "hashes", False):
            yield pattern.name
