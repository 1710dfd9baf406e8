"""What was loaded is never looked through for garbage."""

import gc

import pytest

from troth import garbage


def test_nobody_looks_while_something_is_loaded_nor_at_it_later() -> None:
    with garbage.loading():
        assert not gc.isenabled()
        loaded: list[object] = [object()]
    assert gc.isenabled()
    assert not any(each is loaded for each in gc.get_objects())


def test_what_could_not_be_loaded_leaves_looking_on() -> None:
    with pytest.raises(ImportError), garbage.loading():
        raise ImportError
    assert gc.isenabled()
