"""Texts for people. A lazily translated one is in the language of its reader, whenever it was made."""

from django.utils.functional import Promise

Words = Promise | str
