"""The law in force: the current policy, and the policy of any version.

    policy = in_force.policy()     # the current policy, as published
    law = in_force.law()           # its rules, for each version that data was given under
    ahead = in_force.find_announced()   # a version that takes effect on a day to come, or None: it decides nothing yet

Code that only reads the law asks here. Code that needs someone's data asks the gate.

Policy  #P2
"""

from troth.records.law.translations import (
    approve_translation,
    find_translation,
    list_translated,
    propose_translation,
    read_translation,
    verify_translations,
    withdraw_translation,
)
from troth.records.law.versions import (
    AdoptedTextChanged,
    Announced,
    CannotAdopt,
    NothingAdopted,
    PreparedLaw,
    coming,
    compile_text,
    find_adopted_time,
    find_announced,
    find_withdrawn_time,
    findings_against,
    law,
    list_adopted_times,
    one_law,
    policy,
    policy_at,
    prepare,
    verify_adopted,
)

__all__ = [
    "AdoptedTextChanged",
    "Announced",
    "CannotAdopt",
    "NothingAdopted",
    "PreparedLaw",
    "approve_translation",
    "coming",
    "compile_text",
    "find_adopted_time",
    "find_announced",
    "find_translation",
    "find_withdrawn_time",
    "findings_against",
    "law",
    "list_adopted_times",
    "list_translated",
    "one_law",
    "policy",
    "policy_at",
    "prepare",
    "propose_translation",
    "read_translation",
    "verify_adopted",
    "verify_translations",
    "withdraw_translation",
]
