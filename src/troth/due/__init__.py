"""Everything due at a time, in one mechanism: reminders, notices, deadlines, ends of pauses and invitations.

    @due.task("cases.remind", _("Remind staff of a privacy request"))
    def remind(case, step, at_utc): …

    due.plan("cases.remind", about=case.id, steps={"50": half, "80": later, "100": end})
    due.cancel("cases.remind", about=case.id)

A plan is one row for each step. Planning again replaces all of it, so what changes a deadline plans again; what ends
the cause cancels. Of several steps of a group that are due at once, only the most urgent is done: after a week without
a worker, one reminder is sent and not five.
"""

from troth.due.planning import cancel, plan, plan_all
from troth.due.running import hand_out, task

__all__ = ["cancel", "hand_out", "plan", "plan_all", "task"]
