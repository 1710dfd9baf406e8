"""Every table leads to a person or is declared to hold nothing personal; the index names them all."""

import inspect

import pytest
from django.apps import apps
from django.db import models

from troth import models as index

_OF_A_PERSON = ("person", "person_id")


def tables() -> list[type[models.Model]]:
    return list(apps.get_app_config("troth").get_models())


def person_path(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether rows belong to a person: by a person_id of their own, or through rows that they point at."""
    if model is index.Person or any(field.attname in _OF_A_PERSON for field in model._meta.concrete_fields):
        return True
    owners = [field.related_model for field in model._meta.concrete_fields if field.is_relation]
    return any(person_path(owner, seen | {model}) for owner in owners if inspect.isclass(owner) and owner not in seen)


@pytest.mark.parametrize("model", tables(), ids=lambda model: model.__name__)
def test_table_leads_to_a_person_or_holds_nothing_personal(model: type[models.Model]) -> None:
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
    assert {model.__name__ for model in tables()} == set(index.__all__)


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "troth", check=True, dry_run=True, verbosity=0)
