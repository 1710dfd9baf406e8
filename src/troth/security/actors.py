"""Who did something, as the ledger and all tables name them: "person", "staff:ines", "program:outbox"."""

STAFF, PROGRAM = "staff:", "program:"


def identify_staff(username: str) -> str:
    return STAFF + username


def find_username(who: str) -> str:
    """The user name of a member of staff; "" for everyone else."""
    return who.removeprefix(STAFF) if who.startswith(STAFF) else ""


def is_program(who: str) -> bool:
    return who.startswith(PROGRAM)
