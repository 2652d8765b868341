#!/usr/bin/env python3
"""@title@: a start in Python (3.10 or newer).

@exercise@ says what is asked for.  As it is, this
runs the command as any program does, and isolates nothing.  Fill in what is
marked "yours": four moments, in the order in which they come.
"""
import ctypes
import getopt
import os
import signal
import sys

# An option, and an example of its value; None: it takes none.
OPTIONS = {
    # @options@
}

# For unshare(2) and clone(2): <linux/sched.h>.  os.unshare is in Python 3.12.
NEW_MOUNT, NEW_CGROUP, NEW_UTS, NEW_IPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
NEW_USER, NEW_PID, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

LIBC = ctypes.CDLL(None, use_errno=True)


def call(name, *arguments):
    """A function of the C library: call("sethostname", b"box", 3).

    Text is bytes, None is a null pointer.  A system call that has no function
    goes by its number: call("syscall", 155, b".", b".") is pivot_root on x86-64.
    """
    result = getattr(LIBC, name)(*arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
    return result


def before(options):
    """In the parent, before there is a child."""
    # Yours.  options["--name"] is a list with each value that was given.


def outside(options, child):
    """In the parent: the child exists, and waits."""
    # Yours.


def inside(options):
    """In the child, which then becomes the command."""
    # Yours.


def after(options):
    """In the parent: the command has ended."""
    # Yours: what the kernel keeps is removed here.


def become(command):
    """In the child: execute it; never returns."""
    # Python ignores these two, and what is ignored stays so over an exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)
    except FileNotFoundError as error:
        fail(f"{command[0]}: {error.strerror}", 127)
    except OSError as error:
        fail(f"{command[0]}: {error.strerror}", 126)


def what_failed(error):
    """What, and on which file: strerror alone would be taken for ours."""
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror


def fail(what, status):
    print(f"{os.path.basename(sys.argv[0])}: {what}", file=sys.stderr, flush=True)
    os._exit(status)


def be_child(options, command, gate):
    try:
        # An example of call(): who is killed takes the command along.
        call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.read(gate, 1) != b"g":
            os._exit(125)  # nobody is there any more
        inside(options)
    except OSError as error:
        fail(what_failed(error), 125)
    become(command)


def parse_options():
    """What is in front of the command; an unknown word is wrong usage: 2."""
    short = "".join(name[1] + (":" if value else "") for name, value in OPTIONS.items() if name[1] != "-")
    long = [name[2:] + ("=" if value else "") for name, value in OPTIONS.items() if name[1] == "-"]
    try:
        given, command = getopt.getopt(sys.argv[1:], short, long)
    except getopt.GetoptError as error:
        fail(error.msg, 2)
    if not command:
        fail("which command?", 2)
    options = {name: [] for name in OPTIONS}
    for name, value in given:
        options[name].append(value)
    return options, command


def main():
    options, command = parse_options()
    try:
        before(options)
        gate, open_gate = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(open_gate)
            be_child(options, command, gate)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the command's
        outside(options, child)
        os.write(open_gate, b"g")
        _, status = os.waitpid(child, 0)
        after(options)
    except OSError as error:
        fail(what_failed(error), 125)
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


main()
