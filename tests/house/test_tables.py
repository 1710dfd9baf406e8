"""Every table leads to a person or is declared to hold nothing personal; the index names them all."""

import inspect
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models

from troth import models as index
from troth.records.membership import Owned

_OF_A_PERSON = ("person", "person_id")


def tables() -> list[type[models.Model]]:
    return list(apps.get_app_config("troth").get_models())


def person_path(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether rows belong to a person: by a person_id of their own, or through rows that they point at."""
    if model is index.Person or any(field.attname in _OF_A_PERSON for field in model._meta.concrete_fields):
        return True
    owners = [field.related_model for field in model._meta.concrete_fields if field.is_relation]
    return any(person_path(owner, seen | {model}) for owner in owners if inspect.isclass(owner) and owner not in seen)


def test_table_leads_to_a_person_or_holds_nothing_personal() -> None:
    for model in tables():
        holds = getattr(model, "holds", None)
        assert holds in ("person", "nothing personal"), f"{model.__name__} does not say what it holds."
        assert (holds == "person") == person_path(model), f"{model.__name__} says “{holds}”, its fields say otherwise."


def test_undeclared_table_without_a_person_is_caught() -> None:
    class Planted(models.Model):
        note = models.TextField()

        class Meta:
            app_label = "planted"
            managed = False

    assert not person_path(Planted)
    assert getattr(Planted, "holds", None) is None


def test_index_names_every_table() -> None:
    assert list_unnamed(index.__all__) == set()
    assert list_unnamed([*index.__all__[1:], "Gift"]) == {index.__all__[0], "Gift"}


def list_unnamed(names: Iterable[str]) -> set[str]:
    """Tables that the index does not name, and names of it that are no tables."""
    return {model.__name__ for model in tables()} ^ set(names)


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "troth", check=True, dry_run=True, verbosity=0)


_VALUES = "her values and what follows from them: colleagues see those of a submission that is shared"
_ACCOUNT = "part of an account, which is one person's own"
_MEMBERS = "says who belongs to an organization, and is no work that members share"
_LEDGER = "her history, which is nobody's but hers"
NOT_OWNED = {
    "SignUp": "a newsletter is read by one person",
    "Installation": "whom notices about a product concern; its own portal page comes with licenses",
    "IssueRecipient": "a newsletter is read by one person",
    "UpdateReader": "what a version of the policy asks one person",
    "LegalHold": "whose data a dispute keeps is the staff's and the person's own business",
    "HeldErasure": "her own request to be deleted, which waits",
    "PersonKey": _VALUES,
    "Datum": _VALUES,
    "DatumMark": _VALUES,
    "StoredFile": _VALUES,
    "Standing": _VALUES,
    "EventTime": _VALUES,
    "Choice": "her own answer to a question",
    "Pause": "her own choice for a time",
    "Entry": _LEDGER,
    "EntryQueue": _LEDGER,
    "EntryChunk": _LEDGER,
    "LeafOrder": _LEDGER,
    "AccountPerson": _ACCOUNT,
    "JoiningOffer": _ACCOUNT,
    "User": _ACCOUNT,
    "Proof": _ACCOUNT,
    "Link": "a mailed secret, which whoever has her email uses",
    "QueuedEmail": "an email to her",
    "KeptMail": "an email that someone sent us",
    "PreparedFile": "a file that is made for who asked for it",
    "Membership": _MEMBERS,
    "JoinRequest": _MEMBERS,
    "Invitation": _MEMBERS,
}
"""Tables with a person whose rows are no business of an organization: model → why."""


def has_no_owner(model: type[models.Model]) -> bool:
    """Whether its rows have a person, and neither say in the one way who else sees them nor why nobody does."""
    of_person = any(field.attname == "person_id" for field in model._meta.concrete_fields)
    return of_person and not issubclass(model, Owned) and model.__name__ not in NOT_OWNED


def test_every_row_of_a_person_says_in_one_way_who_sees_it_or_why_nobody_else_does() -> None:
    assert [model.__name__ for model in tables() if has_no_owner(model)] == []
    for model in tables():
        if issubclass(model, Owned):
            assert {"person_id", "organization_id", "shared"} <= {
                field.attname for field in model._meta.concrete_fields
            }


def test_no_reason_is_left_of_a_table_that_needs_none() -> None:
    people = {m.__name__ for m in tables() if any(f.attname == "person_id" for f in m._meta.concrete_fields)}
    assert NOT_OWNED.keys() <= people - {model.__name__ for model in tables() if issubclass(model, Owned)}


def test_a_planted_row_of_a_person_without_an_owner_is_found() -> None:
    class PlantedOrder(models.Model):
        person = models.ForeignKey("troth.Person", models.RESTRICT, related_name="+")
        shared_with = models.UUIDField(null=True)

        class Meta:
            app_label = "planted"
            managed = False

    assert has_no_owner(PlantedOrder)
