"""How long a client may take, and how much it may send."""

import os

WORKERS = min(2, os.cpu_count() or 1)
"""Processes that answer. Python runs on one core at a time in each, so that one would leave the other cores idle.
What is limited below in all is limited in each of them."""

HEADERS_WITHIN_SECONDS = 10
"""Also how long a connection may say nothing between two requests."""

BODY_WITHIN_SECONDS = 20
READ_WITHIN_SECONDS = 30
"""Time without reading anything of a response; slow readers still get all of it."""

MOST_BODY_BYTES = 128 * 1024
MOST_UPLOAD_BYTES = 128 * 1024 * 1024
"""Of a form whose page takes files. How large each file may be says the policy."""

UPLOAD_BYTES_A_SECOND = 64 * 1024
"""The slowest that a body with files may come, beyond the seconds that every body has."""

MOST_HEADER_BYTES = 32 * 1024

THROWN_AWAY_BYTES = 16 * 1024 * 1024
"""A browser reads no answer before it has sent everything, so this much of a body that is too large is let come."""

MOST_HELD_BYTES = 64 * 1024 * 1024
"""Of all bodies that are here at one time."""

MOST_SPOOLED_BYTES = 1024 * 1024 * 1024
"""Of all bodies with files that are here at one time; they wait on the disk, encrypted."""

MOST_CONNECTIONS = 4096
PAGE_THREADS, PAGES_WAITING = 4, 512
PASSWORD_THREADS, PASSWORDS_WAITING = 4, 64
UPLOAD_THREADS, UPLOADS_WAITING = 2, 32
