"""What the child gives up before it reads anything: files, network, other processes, and all but its share of time.

The kernel refuses in two ways: no file can be opened any more (RLIMIT_NOFILE), and of the system calls only those are
left that a program needs to compute and to answer (seccomp). What is not allowed fails, as on a machine that is broken.
"""

import ctypes
import platform
import resource
import struct

from troth.collection.mailbox.parser.caps import CPU_SECONDS, MEMORY_BYTES

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 4, 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _EPERM = 0x7FFF0000, 0x00050001
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_PRLIMIT = {"x86_64": 302, "aarch64": 261}
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn sched_yield mremap
# madvise nanosleep getpid exit gettimeofday getrusage sigaltstack gettid futex clock_gettime clock_nanosleep exit_group
# getrandom restart_syscall, by their numbers. Source: the kernel's tables of system calls.
_ALLOWED = {
    "x86_64": (
        *(0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 28, 35, 39, 60, 96, 98),
        *(131, 186, 202, 228, 230, 231, 318, 219),
    ),
    "aarch64": (
        *(63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 124, 216, 233, 101, 172, 93, 169, 165),
        *(132, 178, 98, 113, 115, 94, 278, 128),
    ),
}


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_void_p))


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def renew_time() -> None:
    """So many seconds more from now on: the kernel counts those of the whole life of a process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def confine() -> bool:
    """Nothing can be opened from here on. Gives  whether the kernel also filters system calls."""
    limit_memory()
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return _filter_calls()


def _filter_calls() -> bool:
    machine = platform.machine()
    if machine not in _ALLOWED:
        return False
    program = _write_program(machine)
    held = ctypes.create_string_buffer(program, len(program))
    given = _Filter(len(program) // 8, ctypes.cast(held, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(given), 0, 0) == 0)


def _write_program(machine: str) -> bytes:
    """For another architecture, or a call that is not listed: EPERM. Limits may be set for the process itself alone."""
    calls = _ALLOWED[machine]
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, _ARCHITECTURES[machine]), (_RETURN, 0, 0, _EPERM)]
    steps.append((_LOAD, 0, 0, _NUMBER))
    for at, call in enumerate(calls):
        steps.append((_EQUAL, len(calls) - at + 3 + 1, 0, call))
    steps += [
        (_EQUAL, 0, 2, _PRLIMIT[machine]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 2, 0, 0),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
