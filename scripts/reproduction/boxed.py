"""Runs generated programs inside the namespaces that sandbox.py makes. Not to be started by hand.

A job a line on standard input: {id, prompt, programs, check, tests, count, limit}. `check` is run behind each program; `tests`
defines `__evalh_check`, which is called with the numbers of `count` tests. An answer a line: {id, programs: [{passed, tests}]}, `tests`
the numbers of those that passed.

The root is an empty memory file system with the system's libraries, read-only; there is no /proc, /home, or network. Each program has a
process of its own, without rights, that can start no other; CPU seconds, memory, file sizes and open files are limited.
"""
import builtins
import ctypes
import gc
import json
import math
import os
import resource
import select
import signal
import sys
import sysconfig
import time

READ_ONLY, NO_SUID, NO_DEVICES, REMOUNT, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
NOBODY = 65534
MEBI = 1 << 20
# Limits are of CPU time, so that a busy machine changes nothing. A program that sleeps is ended after this many times its CPU time.
PATIENCE = 5
# A test that runs longer is tried again with the full limit; a program with so many that fail then too is no longer tried again.
QUICK_SECONDS = 0.004
SLOW_TESTS = 3
# What programs commonly import, loaded once.
WARM = ["collections", "copy", "datetime", "functools", "hashlib", "heapq", "itertools", "math", "operator", "random", "re", "string", "typing"]

libc = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind, flags, data=None):
    encode = [None if text is None else text.encode() for text in (source, target, kind, data)]
    if libc.mount(encode[0], encode[1], encode[2], ctypes.c_ulong(flags), encode[3]):
        number = ctypes.get_errno()
        raise OSError(number, f"mount {target}: {os.strerror(number)}")


def enclose(scratch):
    mount(None, "/", None, RECURSIVE | PRIVATE)
    mount("tmpfs", scratch, "tmpfs", NO_SUID | NO_DEVICES, "size=48m,mode=755")
    folders = {"/usr", "/lib", "/lib64", "/bin", sys.base_prefix, sysconfig.get_path("stdlib"), os.path.dirname(os.path.realpath(sys.executable))}
    for folder in sorted(folders):
        if os.path.islink(folder) and len(folder.split("/")) == 2:
            os.symlink(os.readlink(folder), scratch + folder)
        elif os.path.isdir(folder) and not os.path.lexists(scratch + folder):
            os.makedirs(scratch + folder)
            mount(folder, scratch + folder, None, BIND)
            mount(None, scratch + folder, None, BIND | REMOUNT | READ_ONLY | NO_SUID | NO_DEVICES)
    os.makedirs(scratch + "/tmp")
    mount("tmpfs", scratch + "/tmp", "tmpfs", NO_SUID | NO_DEVICES, "size=16m,mode=1777")
    mount(None, scratch, None, BIND | REMOUNT | READ_ONLY | NO_SUID | NO_DEVICES)
    os.chroot(scratch)
    os.chdir("/tmp")


def give_up_rights():
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        pass  # A user namespace of one user: it is that user outside, and without capabilities below.
    if libc.prctl(38, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "capset")


class OutOfTime(Exception):
    pass


def out_of_time(signum, frame):
    raise OutOfTime


class Limit:
    """A `with` block that ends after `seconds`; `expired` says whether it did."""

    def __init__(self, seconds):
        self.seconds, self.expired = seconds, []

    def __call__(self, number):
        self.number = number
        return self

    def __enter__(self):
        signal.setitimer(signal.ITIMER_PROF, self.seconds)

    def __exit__(self, kind, value, trace):
        signal.setitimer(signal.ITIMER_PROF, 0)
        if kind is OutOfTime:
            self.expired.append(self.number)


def limit_process(cpu_seconds):
    for name, most in (
        (resource.RLIMIT_CPU, math.ceil(cpu_seconds)), (resource.RLIMIT_AS, 1024 * MEBI), (resource.RLIMIT_FSIZE, MEBI), (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0), (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))
    signal.signal(signal.SIGPROF, out_of_time)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    builtins.exit = builtins.quit = None


def run_program(job, program, tests, answer):
    """In the process of the program. What passed is written as soon as it is known."""
    limit_process(seconds_allowed(job))
    passed = False
    try:
        source = program + "\n" + job["check"]
        with Limit(job["limit"])(0):
            exec(compile(source, "program", "exec"), {})
        passed = True
    except BaseException:
        pass
    os.write(answer, b"+" if passed else b"-")
    if tests is None:
        return
    names = {}
    try:
        with Limit(job["limit"])(0):
            exec(compile(program + "\n", "program", "exec"), names)
        exec(tests, names)
        check, ok = names["__evalh_check"], set()
        quick = Limit(QUICK_SECONDS)
        check(range(job["count"]), quick, ok)
        full = Limit(job["limit"])
        for number in list(quick.expired):
            if len(full.expired) >= SLOW_TESTS:
                break
            check([number], full, ok)
    except BaseException:
        return
    os.write(answer, json.dumps(sorted(ok)).encode())


def seconds_allowed(job):
    return 1 + (1 + SLOW_TESTS) * job["limit"] + 2 * QUICK_SECONDS * job["count"]


def answer_of(job, program, tests, private):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for descriptor in (read, *private):
                os.close(descriptor)
            run_program(job, program, tests, write)
        finally:
            os._exit(0)
    os.close(write)
    text = read_until(read, time.monotonic() + PATIENCE * seconds_allowed(job), child)
    os.close(read)
    os.waitpid(child, 0)
    try:
        passed = json.loads(text[1:]) if len(text) > 1 else []
    except ValueError:
        passed = []
    return {"passed": text[:1] == b"+", "tests": [n for n in passed if isinstance(n, int) and 0 <= n < job["count"]]}


def read_until(pipe, deadline, child):
    text = b""
    while True:
        left = deadline - time.monotonic()
        ready = select.select([pipe], [], [], max(0, left))[0] if left > 0 else []
        if not ready:
            os.kill(child, signal.SIGKILL)
            return text
        piece = os.read(pipe, 65536)
        if not piece or len(text) > MEBI:
            if piece:
                os.kill(child, signal.SIGKILL)
            return text
        text += piece


def answers_of(job, private):
    tests = compile(job["tests"], "tests", "exec") if job["tests"] else None
    return {"id": job["id"], "programs": [answer_of(job, job["prompt"] + program, tests, private) for program in job["programs"]]}


def main():
    enclose(sys.argv[1])
    give_up_rights()
    # Programs have nothing to read and nowhere to print; their processes close these three.
    jobs, answers, errors = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w"), os.dup(2)
    null, other = os.pipe()
    os.close(other)
    os.dup2(null, 0)
    sink = os.open("/tmp/.sink", os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    try:
        for module in WARM:
            __import__(module)
        gc.freeze()
        for line in jobs:
            answers.write(json.dumps(answers_of(json.loads(line), (jobs.fileno(), answers.fileno(), errors))) + "\n")
            answers.flush()
    except BaseException as error:
        os.write(errors, f"{type(error).__name__}: {error}".encode())
        raise


main()
