"""A pod: what its containers share, and what they do not."""
import ipaddress
import os
import subprocess

import cri_pb2
from kubelet import NETWORK, NODE, POD, SLEEP, TARGET
from kubelet import Pod, call, holds, namespaces, needs, refused, same, until, work

USERS = [{"host_id": 2000000000, "container_id": 0, "length": 65536}]


def _host(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def _listens(container, port):
    """Until it does: the table of its network has the port, in hexadecimal."""
    tables = f"cat /proc/{container.pid()}/net/tcp*"
    until("it listens", lambda: f":{port:04X} " in _host("sh", "-c", tables))


def the_engine_says_who_it_is():
    version = call("Version", version="v1")
    same((version.runtime_name, version.runtime_api_version), ("containerd", "v1"))


def the_runtime_and_the_network_are_ready():
    conditions = {each.type: each.status for each in call("Status").status.conditions}
    same((conditions["RuntimeReady"], conditions["NetworkReady"]), (True, True))


def what_the_handler_can_do_is_told():
    """The engine asks the runtime: it runs `features`."""
    needs(2, 0, "the list of handlers")
    handlers = {each.name: each.features for each in call("Status").runtime_handlers}
    ours = handlers["ten-steps"]
    same((ours.recursive_read_only_mounts, ours.user_namespaces), (True, True))


def a_handler_that_is_not_there_is_refused():
    config = {"metadata": {"name": "n", "uid": "u", "namespace": "default"}}
    words = refused("RunPodSandbox", config=config, runtime_handler="nobody")
    holds("no runtime for .nobody", words)


def a_pod_is_ready_and_names_its_handler(pod):
    status = pod.status()
    same((status.state, status.runtime_handler), (cri_pb2.SANDBOX_READY, "ten-steps"))


def it_is_this_runtime_that_keeps_it(pod):
    states = os.listdir(os.environ["STATES"])
    assert pod.id in states, f"{pod.id} is not in {states}"


def its_address_is_of_the_network(pod):
    assert ipaddress.ip_address(pod.address()) in NETWORK, pod.address()


def a_container_has_that_address(pod):
    holds(f"inet {pod.address()}/24", pod.run("ip -4 addr show dev eth0"))


def the_host_reaches_a_pod(pod):
    with pod.start("echo from the pod | nc -l -p 80") as server:
        _listens(server, 80)
        same(_host("busybox", "nc", pod.address(), "80"), "from the pod")
        server.ended()


def one_container_reaches_the_other(pod):
    with pod.start("echo from the other | nc -l -p 8080") as server:
        _listens(server, 8080)
        same(pod.run("nc 127.0.0.1 8080"), "from the other=0")
        server.ended()


def another_pod_has_another_address(pod):
    with Pod("other") as other:
        assert other.address() != pod.address(), pod.address()
        same(other.run(f"ping -c 1 -W 5 {pod.address()} >/dev/null"), "=0")


def its_name_is_the_hostname(pod):
    same(pod.run("hostname"), "shared=0")


def containers_share_network_names_and_ipc(pod):
    with pod.start(SLEEP) as one, pod.start(SLEEP) as other:
        for kind in "net", "uts", "ipc":
            link = f"readlink /proc/self/ns/{kind}"
            same(one.exec(link), other.exec(link))
        same(one.exec("echo shared >/dev/shm/file"), "=0")
        same(other.exec("cat /dev/shm/file; rm /dev/shm/file"), "shared=0")


def containers_have_processes_and_mounts_of_their_own(pod):
    with pod.start(SLEEP) as one, pod.start(SLEEP) as other:
        for kind in "pid", "mnt":
            link = f"readlink /proc/self/ns/{kind}"
            assert one.exec(link) != other.exec(link), kind
        same(one.exec("cat /proc/1/comm; touch /mine"), "sh=0")
        same(other.exec("test -e /mine"), "=1")


def containers_may_share_processes():
    with Pod("together", linux=namespaces(pid=POD)) as pod:
        with pod.start("exec sleep 1234"), pod.start(SLEEP) as other:
            same(other.exec("ps | grep -c '[s]leep 1234'"), "1=0")


def one_may_end_a_process_of_the_other():
    with Pod("together", linux=namespaces(pid=POD)) as pod:
        with pod.start("exec sleep 1234") as one, pod.start(SLEEP) as other:
            same(other.exec("kill -9 $(ps | awk '/[s]leep 1234/ { print $1 }')"), "=0")
            same(one.ended().exit_code, 137)


def one_may_look_at_the_processes_of_another(pod):
    with pod.start("exec sleep 1234") as target:
        options = {"pid": TARGET, "target_id": target.id}
        said = pod.secure("cat /proc/1/cmdline | tr '\\0' ' '", namespace_options=options)
        same(said, "sleep 1234 =0")


def a_pod_may_have_the_hosts_network():
    with Pod("hosts", hostname="", linux=namespaces(network=NODE)) as pod:
        expected = f"{os.readlink('/proc/self/ns/net')}\n{os.uname().nodename}=0"
        same(pod.run("readlink /proc/self/ns/net; hostname"), expected)


def a_pod_may_have_the_hosts_processes_and_ipc():
    with Pod("hosts", linux=namespaces(pid=NODE, ipc=NODE)) as pod:
        for kind in "pid", "ipc":
            link = f"/proc/self/ns/{kind}"
            same(pod.run(f"readlink {link}"), f"{os.readlink(link)}=0")


def kernel_parameters_are_the_pods():
    parameters = {"net.ipv4.ip_unprivileged_port_start": "79", "kernel.shm_rmid_forced": "1"}
    with Pod("tuned", linux={"sysctls": parameters}) as pod:
        files = [f"/proc/sys/{name.replace('.', '/')}" for name in parameters]
        same(pod.run("cat", *files), "79\n1=0")


def its_servers_of_names_are_told():
    with Pod("dns", dns_config={"servers": ["10.9.8.7"], "searches": ["svc.local"]}) as pod:
        same(pod.run("cat /etc/resolv.conf"), "search svc.local\nnameserver 10.9.8.7=0")


def _has(status, words):
    same({"labels": dict(status.labels), "annotations": dict(status.annotations)}, words)


def labels_and_annotations_come_back():
    words = {"labels": {"app": "web"}, "annotations": {"note": "of one"}}
    with Pod("labelled", **words) as pod:
        _has(pod.status(), words)
        with pod.create("true", **words) as box:
            _has(box.status(), words)


def a_pod_may_have_users_of_its_own():
    with _with_users() as pod, pod.start(SLEEP) as box:
        holds("^ *0 +2000000000 +65536\nuid=0", box.exec("cat /proc/self/uid_map; id"))
        same(os.stat(f"/proc/{box.pid()}").st_uid, USERS[0]["host_id"])


def what_such_a_pod_writes_to_a_volume_is_roots():
    """A mount with a map of its own: outside it is the user of the same number."""
    needs(2, 0, "a mount with a map of users")
    path = f"{work}/volumes/users"
    os.makedirs(path)
    volume = {"container_path": "/data", "host_path": path}
    with _with_users() as pod:
        mounts = [{**volume, "uidMappings": USERS, "gidMappings": USERS}]
        same(pod.run("touch /data/file; chown 7:8 /data/file; stat -c %u /data", mounts=mounts), "0=0")
    file = os.stat(f"{path}/file")
    same((file.st_uid, file.st_gid), (7, 8))


def _with_users():
    """A pod whose root is nobody outside."""
    needs(1, 7, "a pod with users of its own")
    users = {"mode": POD, "uids": USERS, "gids": USERS}
    return Pod("users", linux=namespaces(userns_options=users))
