"""After the engine was started anew: what left.py made runs on, and is known."""
import cri_pb2
from kubelet import Container, call, same, work


def _left():
    """The pod's id, and its container."""
    pods = [each.id for each in call("ListPodSandbox").items if each.metadata.name == "left"]
    boxes = [each.id for each in call("ListContainers").containers if each.pod_sandbox_id in pods]
    (identity,) = boxes
    log = call("ContainerStatus", container_id=identity).status.log_path
    return pods[0], Container(identity, log)


def what_ran_runs_on():
    pod, box = _left()
    same(call("PodSandboxStatus", pod_sandbox_id=pod).status.state, cri_pb2.SANDBOX_READY)
    same(box.status().state, cri_pb2.CONTAINER_RUNNING)
    same(box.exec("echo inside"), "inside=0")


def what_it_says_is_still_kept():
    _, box = _left()
    with open(f"{work}/volumes/left/fifo", "w", encoding="utf-8") as fifo:
        fifo.write("after\n")
    same((box.ended().exit_code, box.output()), (3, "before\nafter"))


def it_is_removed_as_any_other():
    pod, _ = _left()
    call("StopPodSandbox", pod_sandbox_id=pod)
    call("RemovePodSandbox", pod_sandbox_id=pod)
    same(len(call("ListContainers").containers), 0)
