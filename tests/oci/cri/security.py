"""The security context of a container."""
import json
import os

from kubelet import IMAGE, Pod, Skip, holds, merged, namespaces, refused, same, work

STATUS = "grep -E '%s' /proc/self/status | tr -d '\\t'"
DEFAULT, UNCONFINED, LOCALHOST = range(3)


def _capabilities(**lists):
    return {"capabilities": {f"{key}_capabilities": names for key, names in lists.items()}}


def it_runs_as_another_user(pod):
    user, group = {"value": 1234}, {"value": 5678}
    same(pod.secure("id -u; id -g", run_as_user=user, run_as_group=group), "1234\n5678=0")


def it_runs_as_a_user_of_the_image(pod):
    same(pod.secure("id -u -n", run_as_username="nobody"), "nobody=0")


def another_user_has_no_capability(pod):
    same(pod.secure(STATUS % "CapEff", run_as_user={"value": 1234}), "CapEff:0000000000000000=0")


def it_has_further_groups(pod):
    words = {"supplemental_groups": [4001, 4002], "run_as_user": {"value": 1234}}
    same(pod.secure("id -G", **words), "0 4001 4002=0")


def its_root_is_read_only(pod):
    holds("Read-only file system=1$", pod.secure("touch /file 2>&1", readonly_rootfs=True))


def capabilities_are_the_defaults(pod):
    same(pod.run(STATUS % "CapEff"), "CapEff:00000000a80425fb=0")


def a_capability_is_dropped(pod):
    words = _capabilities(drop=["CHOWN"])
    same(pod.secure(STATUS % "CapEff", **words), "CapEff:00000000a80425fa=0")


def a_capability_is_added(pod):
    words = _capabilities(add=["NET_ADMIN"])
    same(pod.secure(STATUS % "CapEff", **words), "CapEff:00000000a80435fb=0")


def all_are_dropped_but_one(pod):
    words = _capabilities(add=["NET_BIND_SERVICE"], drop=["ALL"])
    said = pod.secure(STATUS % "Cap(Eff|Bnd)", **words)
    same(said, "CapEff:0000000000000400\nCapBnd:0000000000000400=0")


def a_new_privilege_is_never_had(pod):
    same(pod.secure(STATUS % "NoNewPrivs", no_new_privs=True), "NoNewPrivs:1=0")


def a_new_privilege_may_be_had(pod):
    same(pod.secure(STATUS % "NoNewPrivs"), "NoNewPrivs:0=0")


def the_default_filter_is_on(pod):
    same(pod.secure(STATUS % "Seccomp:", seccomp={"profile_type": DEFAULT}), "Seccomp:2=0")


def the_default_filter_refuses_a_new_namespace(pod):
    said = pod.secure("unshare -U true 2>&1", seccomp={"profile_type": DEFAULT})
    holds("not permitted=1$", said)


def no_filter_is_on(pod):
    same(pod.secure(STATUS % "Seccomp:", seccomp={"profile_type": UNCONFINED}), "Seccomp:0=0")


def a_filter_of_the_nodes_is_on(pod):
    """One that refuses mkdir(2), and the other call that does the same."""
    path = f"{work}/no-mkdir.json"
    with open(path, "w", encoding="utf-8") as file:
        rule = {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}
        json.dump({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]}, file)
    words = {"seccomp": {"profile_type": LOCALHOST, "localhost_ref": path}}
    said = pod.secure("mkdir /new 2>&1; touch /new && echo touched", **words)
    holds("not permitted.*\ntouched=0$", said)


def a_filter_that_is_not_there_is_refused(pod):
    words = {"profile_type": LOCALHOST, "localhost_ref": f"{work}/no-such-file"}
    config = {
        "metadata": {"name": "unmade"},
        "image": {"image": IMAGE},
        "linux": {"security_context": {"seccomp": words}},
    }
    holds("no-such-file", refused("CreateContainer", **pod.asks(config)))


def paths_are_hidden(pod):
    same(pod.secure("cat /etc/passwd; ls /usr", masked_paths=["/etc/passwd", "/usr"]), "=0")


def paths_are_read_only(pod):
    holds("Read-only file system=1$", pod.secure("touch /etc/new 2>&1", readonly_paths=["/etc"]))


def a_privileged_one_has_all_capabilities_and_no_filter():
    with _privileged() as pod:
        said = pod.secure(STATUS % "CapEff|Seccomp:", privileged=True)
        same(said, f"CapEff:{_bounding()}\nSeccomp:0=0")


def a_privileged_one_may_mount_and_sees_the_hosts_devices():
    with _privileged() as pod:
        device = _other_device()
        command = f"mount -t tmpfs tmpfs /mnt && ls {device}"
        same(pod.secure(command, privileged=True), f"{device}=0")
        same(pod.secure("grep -c ' /sys sysfs rw' /proc/mounts", privileged=True), "1=0")


def _privileged():
    words = {"security_context": {"privileged": True}}
    return Pod("privileged", linux=merged(namespaces(), words))


def _bounding():
    with open("/proc/self/status", encoding="utf-8") as file:
        return [line.split()[1] for line in file if line.startswith("CapBnd")][0]


def an_unprivileged_one_may_not_mount(pod):
    holds("(denied|permitted).*=1$|=255$", pod.run("mount -t tmpfs tmpfs /mnt 2>&1"))


def a_device_is_there_with_its_permissions(pod):
    if not os.path.exists("/dev/fuse"):
        raise Skip("there is no /dev/fuse, a device that is of no use without more")
    device = {"container_path": "/dev/mine", "host_path": "/dev/fuse", "permissions": "r"}
    said = pod.run("exec 2>&1; : </dev/mine && echo read; : >/dev/mine", devices=[device])
    holds("^read\n.*not permitted", said)


def no_other_device_is_there(pod):
    holds("No such file", pod.run(f"ls {_other_device()} 2>&1"))


def _other_device():
    """One of the machine's that a container does not have by itself."""
    for path in "/dev/kmsg", "/dev/fuse", "/dev/console":
        if os.path.exists(path):
            return path
    raise Skip("this machine has no further devices")
