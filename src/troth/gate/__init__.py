"""The gate: every use of a person's data asks here first, and values are returned in no other way.

A use runs in three transactions. T1 keeps the data; T2 is `grant`, the ledger's `used` entry; T3 is `read` with
the grant's id, and what follows from it: `disclose`, a queued email. What the policy does not allow is absent from
the result or returned as Refused, with the code of the law and the sentence of the policy that decided.

Policy  #I1, #P2
"""

from troth.gate.alike import AlikePeople, OrderedPerson, count_alike, list_in_order
from troth.gate.bulk import BulkGrant, BulkRefused, grant_selection, read_selection, read_selection_data
from troth.gate.claims import (
    ClaimAnswer,
    EmailClaim,
    FollowingEmail,
    PlannedAlike,
    SentEmail,
    claim_emails,
    is_batch_going,
    lift_suppression,
    plan_emails,
    release_after_restore,
    settle_emails,
    spread_emails,
    wants_no_email,
)
from troth.gate.data import read_data
from troth.gate.door import (
    Disclosure,
    Given,
    Grant,
    GrantRefused,
    InsideTransaction,
    MadeChoice,
    Refused,
    choose,
    choose_all,
    decide,
    decide_many,
    disclose,
    grant,
    grant_within,
    read,
    refuse_inside_transaction,
)
from troth.gate.facts import GateStanding, find_region, standing, standings, verify_key
from troth.gate.list_looks import ListedPeople, look_at_lists
from troth.gate.looks import (
    DividedPlace,
    LookPlace,
    SessionLook,
    forget_looks,
    look,
    look_again,
    look_at_data,
    look_at_data_again,
)
from troth.gate.packed import ID_BYTES, pack, unpack
from troth.gate.questions import OpenQuestion, find_open
from troth.gate.segment import Segment, SegmentRefused, all_of, any_of, exclude, from_json, has, is_installed
from troth.gate.selection import Selection, count, select, select_these
from troth.records.accounts import remove_unconfirmed
from troth.records.acting import acting
from troth.records.calls import Refusal
from troth.records.clocks import find_doubt
from troth.records.finding import find_people as find_called
from troth.records.finding import make_marks as make_called
from troth.records.holds import end as end_hold
from troth.records.holds import place as place_hold
from troth.records.holds import tell as tell_holds
from troth.records.ids import new_id
from troth.records.keeping import EXPIRED_AT_ONCE, address_index, expire
from troth.records.ledger import EntryPayload, LedgerEntry, note
from troth.records.privileges import WrongRole
from troth.records.restoring import AFTER_RESTORE, PERHAPS_SENT
from troth.records.retention import KindCount, count_held, list_ahead, list_deleted
from troth.records.times import note_license, reckon

__all__ = [
    "AFTER_RESTORE",
    "EXPIRED_AT_ONCE",
    "ID_BYTES",
    "PERHAPS_SENT",
    "AlikePeople",
    "BulkGrant",
    "BulkRefused",
    "ClaimAnswer",
    "Disclosure",
    "DividedPlace",
    "EmailClaim",
    "EntryPayload",
    "FollowingEmail",
    "GateStanding",
    "Given",
    "Grant",
    "GrantRefused",
    "InsideTransaction",
    "KindCount",
    "LedgerEntry",
    "ListedPeople",
    "LookPlace",
    "MadeChoice",
    "OpenQuestion",
    "OrderedPerson",
    "PlannedAlike",
    "Refusal",
    "Refused",
    "Segment",
    "SegmentRefused",
    "Selection",
    "SentEmail",
    "SessionLook",
    "WrongRole",
    "acting",
    "address_index",
    "all_of",
    "any_of",
    "choose",
    "choose_all",
    "claim_emails",
    "count",
    "count_alike",
    "count_held",
    "decide",
    "decide_many",
    "disclose",
    "end_hold",
    "exclude",
    "expire",
    "find_called",
    "find_doubt",
    "find_open",
    "find_region",
    "forget_looks",
    "from_json",
    "grant",
    "grant_selection",
    "grant_within",
    "has",
    "is_batch_going",
    "is_installed",
    "lift_suppression",
    "list_ahead",
    "list_deleted",
    "list_in_order",
    "look",
    "look_again",
    "look_at_data",
    "look_at_data_again",
    "look_at_lists",
    "make_called",
    "new_id",
    "note",
    "note_license",
    "pack",
    "place_hold",
    "plan_emails",
    "read",
    "read_data",
    "read_selection",
    "read_selection_data",
    "reckon",
    "refuse_inside_transaction",
    "release_after_restore",
    "remove_unconfirmed",
    "select",
    "select_these",
    "settle_emails",
    "spread_emails",
    "standing",
    "standings",
    "tell_holds",
    "unpack",
    "verify_key",
    "wants_no_email",
]
