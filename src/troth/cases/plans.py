"""The timed events of a case: reminders for staff, the notice to the person, closing what nobody verified."""

from troth import due
from troth.cases.clocks import REMINDERS, Clock
from troth.cases.models import Case

REMIND, NOTICE, UNVERIFIED, RESUME = "cases.remind", "cases.notice", "cases.unverified", "cases.resume"


def renew(case: Case, *, planned: bool) -> None:
    """Plans all of them by the case's current state, in the caller's transaction; none for a closed case.

    Takes   planned: whether any of them is planned by now."""
    living = case.state in Case.LIVING and case.law_utc is not None
    clock = clock_of(case)
    shares = [share for share in REMINDERS if living and share > case.reminded]
    noticed = case.noticed_utc is not None or case.person_id is None
    unverified = case.state == Case.UNVERIFIED
    later = case.state in Case.LIVING and case.waits_until_utc
    plans = {
        REMIND: {str(share): clock.at_share(share) for share in shares},
        NOTICE: {"": case.notice_utc} if living and case.notice_utc and not noticed else {},
        RESUME: {"": later} if later else {},
        UNVERIFIED: {"": case.due_utc} if unverified else {},
    }
    due.plan_all(plans, about=case.id, planned=planned)


def clock_of(case: Case) -> Clock:
    return Clock(case.received_utc, case.confirm_utc, case.due_utc, case.law_utc or case.due_utc)
