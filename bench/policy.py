"""How long a policy of 100 kB takes to check and to compare, and what one decision costs.

    python -m bench.policy          these figures alone

The policy is the reference, with its kinds, channels, purposes and sections repeated under other names until it has
100 kB, and again until it has 350. Each figure is the median of several runs in this process, after one to warm up.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.figures import Figure, table
from troth import garbage, policy

REFERENCE = Path(__file__).parent.parent / "examples" / "optiproerp" / "policy.md"
SIZE, LARGE = 100_000, 350_000
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def grown(text: str, size: int) -> str:
    """The text with its sections from the first anchor on repeated, anchors and ids renamed, up to the size."""
    body = text[text.index("{#") :]
    number = 0
    while len(text.encode()) < size:
        number += 1
        copy = re.sub(r"\{#([A-Za-z0-9-]+)\}", rf"{{#\1-{number}}}", body)
        copy = re.sub(r"^(promise: \S+)", rf"\1-{number}", copy, flags=re.MULTILINE)
        copy = re.sub(r"^(cookie: \S+)", rf"\1-{number}", copy, flags=re.MULTILINE)
        copy = re.sub(r"^(recipient|kind|collect|purpose): (\S+)$", rf"\1: \2-{number}", copy, flags=re.MULTILINE)
        text += "\n" + copy
    return policy.confirm(text)


def milliseconds(task: Callable[[], object], *, runs: int = 11) -> float:
    """The median of the runs, in milliseconds of the processor: nothing here waits for anything else."""
    task()
    times = []
    for _ in range(runs):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return median(times) * 1000


def figures() -> Iterator[Figure]:
    """Time to check, compare and publish, and of the law itself, without its compiled form."""
    with garbage.loading():  # as each command
        reference = REFERENCE.read_text(encoding="utf-8")
    yield from _large(reference)
    text = grown(reference, SIZE)
    old, new = _draft(text), _draft(_changed(text))
    facts = _facts(policy.Law({1: old, 2: new}, 2))
    about = f"{len(text.encode()) / 1000:.0f} kB, {len(old.purposes)} purposes, {len(old.kinds)} kinds"
    yield Figure("check a policy", milliseconds(lambda: _check(text)), "ms", 300, note=about)
    yield Figure("tell two such policies' difference", milliseconds(lambda: policy.diff(old, new)), "ms", 100)
    yield Figure("publish one compared with the other", milliseconds(lambda: policy.publish(new, old), runs=3), "ms")
    law = milliseconds(lambda: [policy.decide(facts) for _ in range(10_000)])
    yield Figure(
        "the law itself (policy.decide)", law / 10, "µs", note="what the gate's compiled form is checked against"
    )


def _large(reference: str) -> Iterator[Figure]:
    """Of a text three times as long as a real one."""
    text = grown(reference, LARGE)
    old, new = _draft(text), _draft(_changed(text))
    about = f"{len(text.encode()) / 1000:.0f} kB"
    yield Figure("check a large policy", milliseconds(lambda: _check(text), runs=3), "ms", 1_000, note=about)
    yield Figure(
        "tell two large policies' difference", milliseconds(lambda: policy.diff(old, new)), "ms", 100, note=about
    )


def _changed(text: str) -> str:
    """As its next version, which keeps some data longer."""
    number = int(re.findall(r"^version: (\d+)$", text, flags=re.MULTILINE)[0])
    later = text.replace(f"version: {number}\n", f"version: {number + 1}\n", 1).replace("24 months", "36 months")
    return policy.confirm(later)


def main() -> None:
    print(table(figures()))


def _check(text: str) -> None:
    forget()
    policy.compile(text)


def forget() -> None:
    """Empties what checks remember of texts, as if this were the first check of its process."""
    for name, module in list(sys.modules.items()):
        for made in vars(module).values() if name.startswith("troth.policy.") else ():
            if hasattr(made, "cache_parameters") and made.cache_parameters()["maxsize"]:
                made.cache_clear()


def _draft(text: str) -> policy.Policy:
    draft = policy.compile(text).draft
    assert draft is not None
    return draft


def _facts(law: policy.Law) -> policy.Facts:
    held = policy.Held("email", "form.quote", 1, None)
    return policy.Facts(law=law, purpose="quotes", kind="email", held=held, answers=(), now_utc=NOW)


if __name__ == "__main__":
    main()
