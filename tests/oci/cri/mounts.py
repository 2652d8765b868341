"""Directories of the node, variables, the working directory."""
import contextlib
import os
import subprocess

from kubelet import SLEEP, Pod, holds, merged, namespaces, needs, refused, same, work

PRIVATE, FROM_HOST, BOTH = range(3)


def _volume(name, **more):
    """A directory of the host, at /data in a container."""
    path = f"{work}/volumes/{name}"
    os.makedirs(path, exist_ok=True)
    return path, [{"container_path": "/data", "host_path": path, **more}]


@contextlib.contextmanager
def _mounted(path):
    """Meanwhile there is a file system, with a file that says "seen"."""
    os.makedirs(path, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", path], check=True)
    try:
        with open(f"{path}/file", "w", encoding="utf-8") as file:
            file.write("seen")
        yield
    finally:
        subprocess.run(["umount", path], check=True)


def a_volume_is_written(pod):
    path, mounts = _volume("written")
    same(pod.run("echo x >/data/file", mounts=mounts), "=0")
    with open(f"{path}/file", encoding="utf-8") as file:
        same(file.read(), "x\n")


def a_volume_is_read_only(pod):
    _, mounts = _volume("read-only", readonly=True)
    holds("Read-only file system=1$", pod.run("touch /data/file 2>&1", mounts=mounts))


def what_is_mounted_in_a_volume_is_read_only_too(pod):
    needs(2, 0, "a read-only mount with all below it")
    path, mounts = _volume("all-read-only", readonly=True, recursive_read_only=True)
    with _mounted(f"{path}/new"):
        said = pod.run("cat /data/new/file; touch /data/new/file 2>&1", mounts=mounts)
    holds("^seen.*Read-only file system=1$", said)


def one_file_is_a_volume(pod):
    path, _ = _volume("file")
    with open(f"{path}/config", "w", encoding="utf-8") as file:
        file.write("configured\n")
    mounts = [{"container_path": "/etc/config", "host_path": f"{path}/config", "readonly": True}]
    same(pod.run("cat /etc/config", mounts=mounts), "configured=0")


def a_link_to_a_volume_is_followed(pod):
    path, mounts = _volume("linked")
    os.symlink(path, f"{path}.link")
    mounts[0]["host_path"] += ".link"
    same(pod.run("touch /data/file", mounts=mounts), "=0")
    same(os.listdir(path), ["file"])


def a_path_with_links_in_the_image_stays_inside(pod):
    """The image says where /var/link leads: to the container's own /etc."""
    path, mounts = _volume("inside")
    mounts[0]["container_path"] = "/var/link/data"
    with open(f"{path}/file", "w", encoding="utf-8") as file:
        file.write("here")
    same(pod.run("cat /etc/data/file", mounts=mounts), "here=0")
    assert not os.path.exists("/etc/data")


def two_containers_share_a_volume(pod):
    _, mounts = _volume("shared")
    with pod.start(SLEEP, mounts=mounts) as one, pod.start(SLEEP, mounts=mounts) as other:
        same(one.exec("echo word >/data/file"), "=0")
        same(other.exec("cat /data/file"), "word=0")


def _later_mount(pod, name, propagation):
    """Of a mount in a volume of a running container: what it sees, and afterwards."""
    path, mounts = _volume(name, propagation=propagation)
    with pod.start(SLEEP, mounts=mounts) as box:
        with _mounted(f"{path}/new"):
            said = box.exec("find /data/new -type f -exec cat {} ';'")
        return said, box.exec("ls /data/new")


def a_mount_of_the_host_appears_inside(pod):
    same(_later_mount(pod, "from-host", FROM_HOST), ("seen=0", "=0"))


def a_mount_of_the_host_stays_outside(pod):
    same(_later_mount(pod, "private", PRIVATE), ("=0", "=0"))


def a_mount_of_a_privileged_one_appears_outside():
    path, mounts = _volume("both", propagation=BOTH)
    words = merged(namespaces(), {"security_context": {"privileged": True}})
    linux = {"security_context": {"privileged": True}}
    more = {"mounts": mounts, "linux": linux}
    with Pod("privileged", linux=words) as pod, pod.start(SLEEP, **more) as box:
        same(box.exec("mkdir /data/new && mount -t tmpfs tmpfs /data/new"), "=0")
        same(box.exec("touch /data/new/file"), "=0")
        same(os.listdir(f"{path}/new"), ["file"])
        same(box.exec("umount /data/new"), "=0")
        same(os.listdir(f"{path}/new"), [])


def variables_are_set(pod):
    envs = [{"key": "COLOR", "value": "red"}, {"key": "MANY", "value": "a b=c\n$d"}]
    same(pod.run('echo "$COLOR|$MANY|$SHADE"', envs=envs), "red|a b=c\n$d|dark=0")


def a_working_directory_is_made(pod):
    same(pod.run("pwd", working_dir="/not/there/yet"), "/not/there/yet=0")


def arguments_are_the_commands(pod):
    same(pod.run("printf", "%s.", "a b", "$c", ""), "a b.$c..=0")


def an_image_that_is_not_there_is_refused(pod):
    config = {"metadata": {"name": "unmade"}, "image": {"image": "localhost/nothing:1"}}
    holds("localhost/nothing", refused("CreateContainer", **pod.asks(config)))
