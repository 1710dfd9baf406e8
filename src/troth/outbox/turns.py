"""Turns of a lane: jobs that send what is due in it, one at a time.

Each email queues one in its own transaction. Before a turn claims emails, it lists the turns that wait by then: each
was committed with its email, so the claim that follows finds that one, and the turn takes those over. An email
committed later has a turn that still waits and runs after this one, so none is forgotten, and a thousand emails take a
few turns.
"""

from collections.abc import Sequence

from troth import queue

TASK = "outbox.run"


def wake(lane: str) -> None:
    """A job for what is due in the lane, in the caller's transaction."""
    queue.defer(TASK, lock=f"outbox {lane}", lane=lane)


def list_waiting(lane: str) -> Sequence[int]:
    """The turns of the lane that wait, but for those that failed: a third failure is an alarm."""
    return queue.list_waiting(TASK, lane=lane)


def take_over(waiting: Sequence[int]) -> None:
    """Takes these turns out of the queue: what they were to send is claimed, or about to be."""
    if waiting:
        queue.forget(waiting)
