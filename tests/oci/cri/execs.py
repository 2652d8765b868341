"""Commands in a container, its streams and its log."""
import os
import re

from kubelet import SLEEP, call, holds, refused, same, until
from stream import STDIN, Stream


def _exec(container, *command, **streams):
    asked = {"container_id": container.id, "cmd": command, "stdout": True, **streams}
    return Stream(call("Exec", **asked).url)


def _attach(container):
    asked = {"container_id": container.id, "stdin": True, "stdout": True, "stderr": True}
    return Stream(call("Attach", **asked).url)


def a_commands_status_and_streams_are_told(pod):
    command = ["sh", "-c", "echo out; echo err >&2; exit 4"]
    with pod.start(SLEEP) as box:
        done = call("ExecSync", container_id=box.id, cmd=command)
        same((done.stdout, done.stderr, done.exit_code), (b"out\n", b"err\n", 4))


def a_missing_command_is_named(pod):
    with pod.start(SLEEP) as box:
        words = refused("ExecSync", container_id=box.id, cmd=["no-such-program"])
        holds("no-such-program", words)


def a_command_that_takes_too_long_is_ended(pod):
    with pod.start(SLEEP) as box:
        words = refused("ExecSync", container_id=box.id, cmd=["sleep", "4321"], timeout=1)
        holds("DEADLINE_EXCEEDED|timeout", words)
        until("it is ended", lambda: box.exec("ps | grep -c '[s]leep 4321'") == "0=1")


def a_command_in_one_that_has_ended_is_refused(pod):
    with pod.start("true") as box:
        box.ended()
        holds("not.*running|EXITED", refused("ExecSync", container_id=box.id, cmd=["true"]))


def it_is_the_containers_user_and_directory(pod):
    context = {"run_as_user": {"value": 7}, "run_as_group": {"value": 8}}
    with pod.start(SLEEP, working_dir="/tmp", linux={"security_context": context}) as box:
        same(box.exec("id -u; id -g; pwd"), "7\n8\n/tmp=0")


def it_is_as_confined_as_the_container(pod):
    context = {
        "capabilities": {"drop_capabilities": ["ALL"]},
        "no_new_privs": True,
        "seccomp": {"profile_type": 0},
    }
    with pod.start(SLEEP, linux={"security_context": context}) as box:
        said = box.exec("grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status | tr -d '\\t'")
        same(said, "CapEff:0000000000000000\nNoNewPrivs:1\nSeccomp:2=0")


def input_reaches_a_command_and_its_output_comes_back(pod):
    command = "read x; echo got $x; echo err >&2; exit 5"
    with pod.start(SLEEP) as box:
        stream = _exec(box, "sh", "-c", command, stdin=True, stderr=True)
        stream.send(STDIN, b"word\n")
        same(stream.ended(), (b"got word\n", b"err\n", 5))


def a_command_has_a_terminal_of_the_size_that_is_told(pod):
    command = "trap 'stty size; exit 6' WINCH; tty; while :; do sleep 1000 & wait; done"
    with pod.start(SLEEP) as box:
        stream = _exec(box, "sh", "-c", command, tty=True, stdin=True)
        stream.expect(b"/dev/pts/")
        stream.resize(101, 37)
        stream.expect(b"37 101")
        same(stream.ended()[2], 6)


def ctrl_c_reaches_a_command(pod):
    command = "trap 'exit 7' INT; echo ready; while :; do sleep 1000 & wait; done"
    with pod.start(SLEEP) as box:
        stream = _exec(box, "sh", "-c", command, tty=True, stdin=True)
        stream.expect(b"ready")
        stream.send(STDIN, b"\x03")
        same(stream.ended()[2], 7)


def one_attaches_to_a_containers_streams(pod):
    with pod.start("echo ready; read x; echo got $x", stdin=True, stdin_once=True) as box:
        box.says("ready")
        stream = _attach(box)
        stream.send(STDIN, b"word\n")
        stream.expect(b"got word")
        stream.close()
        same(box.ended().exit_code, 0)
        same(box.output(), "ready\ngot word")


def a_container_has_a_terminal(pod):
    holds(r"^/dev/pts/0\s*=0", pod.run("tty", tty=True))


def its_log_has_a_time_a_stream_and_a_tag(pod):
    with pod.start("echo one; echo two >&2; printf three") as box:
        box.ended()
        out = [line for line in box.lines() if line[0] == "stdout"]
        same(out, [("stdout", "F", "one"), ("stdout", "P", "three")])
        same([line for line in box.lines() if line not in out], [("stderr", "F", "two")])
        moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)"
        with open(box.log, encoding="utf-8") as log:
            for line in log:
                assert re.match(moment + " std(out|err) [FP] ", line), line


def a_long_line_of_it_is_in_parts(pod):
    with pod.start("head -c 20000 /dev/zero | tr '\\0' x; echo") as box:
        box.ended()
        same([(tag, len(text)) for _, tag, text in box.lines()], [("P", 16384), ("F", 3616)])


def its_log_may_be_moved_away(pod):
    with pod.start("echo one; read x; echo two", stdin=True, stdin_once=True) as box:
        box.says("one")
        os.rename(box.log, box.log + ".old")
        call("ReopenContainerLog", container_id=box.id)
        stream = _attach(box)
        stream.send(STDIN, b"\n")
        box.ended()
        stream.close()
        same(box.output(), "two")
