"""The index of all tables; each is declared in its own room."""

from troth.access.preferences.models import Pause
from troth.cases.models import Case, CaseApproval, CaseEvent, CaseNumber
from troth.cases.thread import CaseMessage, MessageCopy, ReplyDraft, WordMark
from troth.collection.forms.models import FormNonce
from troth.collection.mailbox.models import KeptMail, MailFolder
from troth.collection.prepared import PreparedFile
from troth.desk.models import BulkRun, DeskSetting, SavedView, Snippet
from troth.drp.models import AgentRequest, AgentToken, SeenBody
from troth.due.models import Due
from troth.outbox.finished import FinishedEmail
from troth.outbox.models import EmailBatch, LanePause, MailHold, QueuedEmail
from troth.outbox.suppression import SoftBounce, Suppression
from troth.records.held import HeldErasure, LegalHold, RetentionDay
from troth.records.kept import EventTime
from troth.records.law.models import (
    LawAnswer,
    LawCollect,
    LawKept,
    LawPurpose,
    LawQuestion,
    LawReach,
    LawUse,
    PolicyTranslation,
    PolicyVersion,
)
from troth.records.membership import Invitation, JoinRequest, Membership, Organization, SharedFact
from troth.records.models import (
    AccountPerson,
    Checkpoint,
    Choice,
    ClockWord,
    Cohort,
    Datum,
    DatumMark,
    Entry,
    EntryChunk,
    EntryQueue,
    JoiningOffer,
    KeyMark,
    LeafOrder,
    Origin,
    Person,
    PersonKey,
    Progress,
    Standing,
    StandingClass,
    Tile,
)
from troth.records.stored import StoredFile
from troth.security.acts import Act
from troth.security.devices import Device
from troth.security.factors.models import Authenticator, Passkey, RecoveryCode
from troth.security.links.models import Link
from troth.security.models import RateCount, RateSalt, StaffSeat, StaffSecret, User
from troth.security.proofs import Proof
from troth.security.sessions import Session
from troth.updates.models import Adoption, PolicyDraft, PolicyUpdate, UpdateReader
from troth.uses.inquiries.models import Inquiry
from troth.uses.newsletter.models import (
    ConfirmationCount,
    Installation,
    Issue,
    IssueEdition,
    IssueRecipient,
    SignUp,
)
from troth.uses.quotes.models import QuoteRequest
from troth.uses.support.models import SupportCase

__all__ = [
    "AccountPerson",
    "Act",
    "Adoption",
    "AgentRequest",
    "AgentToken",
    "Authenticator",
    "BulkRun",
    "Case",
    "CaseApproval",
    "CaseEvent",
    "CaseMessage",
    "CaseNumber",
    "Checkpoint",
    "Choice",
    "ClockWord",
    "Cohort",
    "ConfirmationCount",
    "Datum",
    "DatumMark",
    "DeskSetting",
    "Device",
    "Due",
    "EmailBatch",
    "Entry",
    "EntryChunk",
    "EntryQueue",
    "EventTime",
    "FinishedEmail",
    "FormNonce",
    "HeldErasure",
    "Inquiry",
    "Installation",
    "Invitation",
    "Issue",
    "IssueEdition",
    "IssueRecipient",
    "JoinRequest",
    "JoiningOffer",
    "KeptMail",
    "KeyMark",
    "LanePause",
    "LawAnswer",
    "LawCollect",
    "LawKept",
    "LawPurpose",
    "LawQuestion",
    "LawReach",
    "LawUse",
    "LeafOrder",
    "LegalHold",
    "Link",
    "MailFolder",
    "MailHold",
    "Membership",
    "MessageCopy",
    "Organization",
    "Origin",
    "Passkey",
    "Pause",
    "Person",
    "PersonKey",
    "PolicyDraft",
    "PolicyTranslation",
    "PolicyUpdate",
    "PolicyVersion",
    "PreparedFile",
    "Progress",
    "Proof",
    "QueuedEmail",
    "QuoteRequest",
    "RateCount",
    "RateSalt",
    "RecoveryCode",
    "ReplyDraft",
    "RetentionDay",
    "SavedView",
    "SeenBody",
    "Session",
    "SharedFact",
    "SignUp",
    "Snippet",
    "SoftBounce",
    "StaffSeat",
    "StaffSecret",
    "Standing",
    "StandingClass",
    "StoredFile",
    "SupportCase",
    "Suppression",
    "Tile",
    "UpdateReader",
    "User",
    "WordMark",
]
