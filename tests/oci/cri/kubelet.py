"""A kubelet, as much of one as tests need: pods and containers, by the CRI.

Fields are given as Python has them: a message is a dictionary, a list a list.
What is sent are the messages of cri.proto.
"""
import ipaddress
import itertools
import json
import os
import re
import time

import cri_pb2
import grpc

work = os.environ["WORK"]
IMAGE = "localhost/pods:box"
HANDLER = "ten-steps"
# A command that is there until it is told to end.
SLEEP = "trap 'exit 0' TERM; sleep 1000 & wait"
NETWORK = ipaddress.ip_network("10.88.7.0/24")
POD, CONTAINER, NODE, TARGET = range(4)
numbers = itertools.count(1)
channel = grpc.insecure_channel(f"unix://{work}/containerd.sock")


class Skip(Exception):
    """What the machine or the engine lacks."""


def call(method, patience=60, **fields):
    """Ask the engine: call("StopContainer", container_id=..., timeout=1)."""
    service = "ImageService" if "Image" in method else "RuntimeService"
    answer = getattr(cri_pb2, method + "Response")
    ask = channel.unary_unary(
        f"/runtime.v1.{service}/{method}",
        request_serializer=lambda request: request.SerializeToString(),
        response_deserializer=answer.FromString,
    )
    return ask(getattr(cri_pb2, method + "Request")(**fields), timeout=patience)


def refused(method, **fields):
    """The engine says no: with which words?"""
    try:
        call(method, **fields)
    except grpc.RpcError as error:
        return f"{error.code().name}: {error.details()}"
    raise AssertionError(f"{method} was not refused")


def needs(major, minor, what):
    version = call("Version").runtime_version
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < (major, minor):
        raise Skip(f"{what} needs containerd {major}.{minor}, and this one is {version}")


def until(what, condition, patience=30):
    """A kubelet is told nothing: it asks again and again (PLEG), as we do."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {patience} s")


def same(got, expected):
    assert got == expected, f"{got!r} is not {expected!r}"


def holds(pattern, text):
    assert re.search(pattern, text, re.S), f"no {pattern!r} in {text!r}"


def merged(one, other):
    """Dictionaries in dictionaries, of which the second one decides."""
    both = dict(one)
    for key, value in other.items():
        deeper = isinstance(value, dict) and isinstance(both.get(key), dict)
        both[key] = merged(both[key], value) if deeper else value
    return both


def namespaces(**modes):
    """The security context that asks for them.  Kubernetes' own default for
    process ids is the container, the interface's is the pod."""
    return {"security_context": {"namespace_options": {"pid": CONTAINER, **modes}}}


class Pod:
    """A pod sandbox, from RunPodSandbox on."""

    def __init__(self, name, handler=HANDLER, **more):
        uid = f"{name}-{next(numbers)}"
        slices = "SYSTEMD" in os.environ
        # Not "kubepods": the machine may be a node, and has its own.
        self.group = f"cripods-{uid.replace('-', '_')}.slice" if slices else f"/cripods/{uid}"
        self.logs = f"{work}/logs/{uid}"
        os.makedirs(self.logs)
        self.config = merged(
            {
                "metadata": {"name": name, "uid": uid, "namespace": "default"},
                "hostname": name,
                "log_directory": self.logs,
                "linux": {"cgroup_parent": self.group, **namespaces()},
            },
            more,
        )
        self.id = call("RunPodSandbox", config=self.config, runtime_handler=handler).pod_sandbox_id

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def status(self):
        return call("PodSandboxStatus", pod_sandbox_id=self.id).status

    def address(self):
        return self.status().network.ip

    def create(self, *command, name="", attempt=0, **more):
        """A container of it, which is not yet started.  One word is for the shell."""
        words = list(command) if len(command) > 1 else ["sh", "-c", command[0]]
        name = name or f"box{next(numbers)}"
        options = self.config["linux"]["security_context"]["namespace_options"]
        config = merged(
            {
                "metadata": {"name": name, "attempt": attempt},
                "image": {"image": IMAGE},
                "command": words,
                "log_path": f"{name}/{attempt}.log",
                "linux": {"security_context": {"namespace_options": options}},
            },
            more,
        )
        os.makedirs(f"{self.logs}/{name}", exist_ok=True)
        made = call("CreateContainer", **self.asks(config))
        return Container(made.container_id, f"{self.logs}/{config['log_path']}")

    def asks(self, config):
        """The fields of CreateContainer."""
        return {"pod_sandbox_id": self.id, "config": config, "sandbox_config": self.config}

    def start(self, *command, **more):
        container = self.create(*command, **more)
        call("StartContainer", container_id=container.id)
        return container

    def run(self, *command, **more):
        """To its end: what it printed, and its status after a last "="."""
        container = self.start(*command, **more)
        try:
            status = container.ended()
            return f"{container.output()}={status.exit_code}"
        finally:
            container.remove()

    def secure(self, *command, **context):
        """The same, in a security context."""
        return self.run(*command, linux={"security_context": context})

    def stop(self):
        call("StopPodSandbox", pod_sandbox_id=self.id)

    def remove(self):
        self.stop()
        call("RemovePodSandbox", pod_sandbox_id=self.id)


class Container:
    """A container of a pod, from CreateContainer on."""

    def __init__(self, identity, log):
        self.id, self.log = identity, log

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def status(self):
        return call("ContainerStatus", container_id=self.id).status

    def pid(self):
        """Of its first process, as the host counts."""
        info = call("ContainerStatus", container_id=self.id, verbose=True).info["info"]
        return json.loads(info)["pid"]

    def ended(self):
        """Its status, when it has ended."""
        done = cri_pb2.CONTAINER_EXITED
        until("it ends", lambda: self.status().state == done)
        return self.status()

    def lines(self):
        """Its log: (stream, tag, text), a line of a file each."""
        with open(self.log, encoding="utf-8") as file:
            return [tuple(line.rstrip("\n").split(" ", 3)[1:]) for line in file]

    def output(self):
        return "\n".join(text for _, _, text in self.lines())

    def says(self, text):
        """Wait until it has said it."""
        until(f"it says {text!r}", lambda: os.path.exists(self.log) and text in self.output())

    def exec(self, *command, timeout=0):
        """Run it in there: what it printed, and its status after a last "="."""
        words = list(command) if len(command) > 1 else ["sh", "-c", command[0]]
        done = call("ExecSync", container_id=self.id, cmd=words, timeout=timeout)
        return f"{(done.stdout + done.stderr).decode().rstrip()}={done.exit_code}"

    def limit(self, v1, v2):
        """What the kernel has written down for its group, in the file of v1 or of v2."""
        with open(f"/proc/{self.pid()}/cgroup", encoding="utf-8") as file:
            groups = [line.rstrip("\n").split(":", 2) for line in file]
        for _, controllers, path in groups:
            name = v1 if controllers else v2
            top = "/sys/fs/cgroup/" + (controllers or ("unified" if len(groups) > 1 else ""))
            try:
                with open(f"{top}{path}/{name}", encoding="utf-8") as file:
                    return file.read().strip()
            except FileNotFoundError:
                continue
        raise AssertionError(f"no group of it has {v1} or {v2}: {groups}")

    def stop(self, grace):
        call("StopContainer", container_id=self.id, timeout=grace)

    def remove(self):
        call("RemoveContainer", container_id=self.id)
