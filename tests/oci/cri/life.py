"""From the start to the end, and again."""
import time

import cri_pb2
from kubelet import Pod, call, holds, refused, same

SLEEP = "trap 'exit 9' TERM; echo ready; while :; do sleep 1000 & wait $!; done"
DEAF = "trap '' TERM; echo ready; while :; do sleep 1000 & wait $!; done"


def one_that_is_made_does_not_run_yet(pod):
    with pod.create("echo ran") as box:
        same(box.status().state, cri_pb2.CONTAINER_CREATED)
        call("StartContainer", container_id=box.id)
        box.ended()
        same(box.output(), "ran")


def its_status_and_a_reason_are_told(pod):
    with pod.start("exit 7") as one, pod.start("true") as other:
        status = one.ended()
        same((status.exit_code, status.reason), (7, "Error"))
        assert status.started_at > 0 and status.finished_at > 0, status
        status = other.ended()
        same((status.exit_code, status.reason), (0, "Completed"))


def a_signal_is_128_and_its_number(pod):
    same(pod.run("sh -c 'kill -9 $$'; exit $?"), "Killed=137")


def a_program_that_is_not_there_is_named(pod):
    with pod.create("no-such-program", "-x") as box:
        holds("no-such-program", refused("StartContainer", container_id=box.id))
        status = box.status()
        same(status.state, cri_pb2.CONTAINER_EXITED)
        same((status.reason, status.exit_code), ("StartError", 128))
        holds("no-such-program", status.message)


def it_ends_by_itself_when_it_is_told_to(pod):
    with pod.start(SLEEP) as box:
        box.says("ready")
        box.stop(30)
        status = box.status()
        same((status.state, status.exit_code), (cri_pb2.CONTAINER_EXITED, 9))
        box.stop(30)


def who_does_not_listen_is_killed_after_a_while(pod):
    with pod.start(DEAF) as box:
        box.says("ready")
        began = time.monotonic()
        box.stop(1)
        assert time.monotonic() - began >= 1
        same(box.status().exit_code, 137)


def no_while_is_no_mercy(pod):
    with pod.start(SLEEP) as box:
        box.says("ready")
        box.stop(0)
        same(box.status().exit_code, 137)


def it_is_made_again_in_the_same_pod(pod):
    with pod.start("exit 3", name="again") as first:
        first.ended()
        with pod.start("ip -4 -o addr show dev eth0", name="again", attempt=1) as second:
            same(second.ended().exit_code, 0)
            holds(pod.address(), second.output())
            same((first.status().exit_code, second.status().metadata.attempt), (3, 1))


def a_running_one_is_removed(pod):
    box = pod.start(SLEEP)
    box.says("ready")
    box.remove()
    holds("NOT_FOUND", refused("ContainerStatus", container_id=box.id))
    box.remove()


def a_pod_that_is_stopped_takes_its_containers_along():
    with Pod("stopped") as pod:
        box = pod.start(SLEEP)
        pod.stop()
        same(box.status().state, cri_pb2.CONTAINER_EXITED)
        same(pod.status().state, cri_pb2.SANDBOX_NOTREADY)
        pod.stop()


def a_pod_that_is_removed_is_gone():
    pod = Pod("gone")
    box = pod.start(SLEEP)
    pod.remove()
    holds("NOT_FOUND", refused("ContainerStatus", container_id=box.id))
    assert pod.id not in [each.id for each in call("ListPodSandbox").items]
    call("RemovePodSandbox", pod_sandbox_id=pod.id)
