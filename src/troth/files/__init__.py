"""Stored files: one store behind a port, currently on disk, with everything encrypted.

    writing = store.begin(id, key)         encrypted as it comes, 64 kB at a time, in the folder "arriving"
    writing.write(part); writing.finish()  on the disk; what nobody settles is deleted after an hour
    store.settle(id, …)                    in their places, inside the transaction that keeps the row
    store.read(id, key)                    the parts; a changed, cut or swapped file raises CannotOpen

A file has a key of its own that is in the sealed value which names the file (`Attached`), or in the sealed row of a
prepared file. So a file is read where its value is read, through the gate; and it is unreadable by everyone as soon as
the value or the person's key is gone, also where the disk or a backup still has its bytes.

Policy  #S1
"""

from troth.files.attached import Attached, describe, pack, unpack
from troth.files.disk import Disk, of_site
from troth.files.store import FileStore, ListedFile, NoSuchFile, Writing
from troth.files.stream import PART_BYTES, WrittenFile, new_key

__all__ = [
    "PART_BYTES",
    "Attached",
    "Disk",
    "FileStore",
    "ListedFile",
    "NoSuchFile",
    "Writing",
    "WrittenFile",
    "describe",
    "new_key",
    "of_site",
    "pack",
    "unpack",
]
