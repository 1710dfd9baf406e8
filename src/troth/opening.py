"""Why a file could not be read or written, for operators: what is wrong in words, and what to do."""

import errno

_WHY = {
    errno.ENOENT: "it doesn't exist. Check the path",
    errno.EACCES: "its permissions don't allow it. Run this as its owner, or change them",
    errno.EPERM: "its permissions don't allow it. Run this as its owner, or change them",
    errno.EISDIR: "it is a folder. Give the path of a file",
    errno.ENOTDIR: "a part of its path is a file, not a folder. Check the path",
    errno.EEXIST: "something else has this name already. Choose another",
    errno.ENAMETOOLONG: "its name is too long. Choose a shorter one",
    errno.ELOOP: "it is a link that leads back to itself. Give the path of the file itself",
    errno.ENOSPC: "the disk is full. Free some space",
    errno.EDQUOT: "the disk is full for this user. Free some space",
    errno.EROFS: "its disk is read-only. Choose another folder, or mount it for writing",
    errno.EIO: "the disk reported an error. Check the disk",
    errno.EMFILE: "too many files are open. Raise the limit of open files (ulimit -n)",
}
OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""What happens to any write; such an error doesn't name the file."""
NO_KEY = "there is no such key in it. Put the right file back"
"""Said of a file of keys that can be read: what its parser says is for programmers."""


def explain_file_error(error: Exception, *, unlike: str = "") -> str:
    """What is wrong with the file and what to do, to follow a colon; without the period at the end.

    Takes   unlike: what is said of a file that was read and isn't what it should be; nothing: what the error says"""
    if isinstance(error, OSError):
        return _WHY.get(error.errno or 0) or f"{error.strerror or 'the system gave no reason'}. Check the disk"
    if isinstance(error, UnicodeError) and not unlike:
        return "it isn't text in UTF-8. Save it as UTF-8"
    return unlike or f"{error}".rstrip(".")
