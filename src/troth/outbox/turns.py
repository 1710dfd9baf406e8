"""Turns of a lane: jobs that send what is due in it, one at a time.

Each email queues one in its own transaction. Before a turn claims emails, it takes over the turns that wait by then:
each was committed with its email, so the claim that follows finds that one. An email committed later has a turn that
still waits and runs after this one, so none is forgotten, and a thousand emails take a few turns.
"""

from troth import queue

TASK = "outbox.run"


def wake(lane: str) -> None:
    """A job for what is due in the lane, in the caller's transaction."""
    queue.defer(TASK, lock=f"outbox {lane}", lane=lane)


def take_over(lane: str) -> None:
    """Takes the turns of the lane that wait out of the queue, but for one that failed: a third failure is an alarm."""
    queue.forget(TASK, lane=lane)
