"""Texts changed and compiled, for tests of the language."""

import functools

from troth.policy import Policy, compile, confirm


@functools.cache
def sound(text: str) -> Policy:
    """The policy of a text that has no error; the findings, if it has."""
    compiled = compile(text)
    assert compiled.policy is not None, "\n".join(map(str, compiled.findings))
    return compiled.policy


@functools.cache
def changed(text: str, *swaps: tuple[str, str]) -> str:
    """The text with each first string replaced by the second, and its bindings confirmed."""
    for old, new in swaps:
        assert old in text, f"not in the text: {old}"
        text = text.replace(old, new, 1)
    return confirm(text)
