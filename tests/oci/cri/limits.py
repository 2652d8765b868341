"""Limits, as the kernel has them, and figures."""
import os

from kubelet import SLEEP, Skip, call, holds, refused, same, until

MEBI = 1 << 20


def _limited(**resources):
    return {"linux": {"resources": resources}}


def memory_is_limited(pod):
    with pod.start(SLEEP, **_limited(memory_limit_in_bytes=64 * MEBI)) as box:
        same(box.limit("memory.limit_in_bytes", "memory.max"), str(64 * MEBI))


def processor_time_is_limited_and_shared(pod):
    with pod.start(SLEEP, **_limited(cpu_quota=50000, cpu_period=100000, cpu_shares=512)) as box:
        quota = box.limit("cpu.cfs_quota_us", "cpu.max")
        assert quota in ("50000", "50000 100000"), quota
        shares = box.limit("cpu.shares", "cpu.weight")
        assert shares in ("512", "20", "59"), shares


def processors_are_chosen(pod):
    with pod.start(SLEEP, **_limited(cpuset_cpus="0")) as box:
        same(box.limit("cpuset.cpus", "cpuset.cpus"), "0")
        holds("Cpus_allowed_list:\t0\n", box.exec("cat /proc/self/status"))


def who_is_killed_first_is_chosen(pod):
    same(pod.run("cat /proc/self/oom_score_adj", **_limited(oom_score_adj=777)), "777=0")


def the_pods_group_holds_its_containers(pod):
    with pod.start(SLEEP) as box:
        with open(f"/proc/{box.pid()}/cgroup", encoding="utf-8") as file:
            holds(f"{pod.group}/[^\n]*{box.id}", file.read())


def limits_are_changed(pod):
    new = {"memory_limit_in_bytes": 96 * MEBI}
    new |= {"cpu_shares": 1024, "cpu_quota": 20000, "cpu_period": 100000}
    with pod.start(SLEEP, **_limited(memory_limit_in_bytes=64 * MEBI, cpu_shares=512)) as box:
        call("UpdateContainerResources", container_id=box.id, linux=new)
        same(box.limit("memory.limit_in_bytes", "memory.max"), str(96 * MEBI))
        quota = box.limit("cpu.cfs_quota_us", "cpu.max")
        assert quota in ("20000", "20000 100000"), quota
        shares = box.limit("cpu.shares", "cpu.weight")
        assert shares in ("1024", "39", "100"), shares


def limits_are_changed_before_the_start(pod):
    with pod.create(SLEEP, **_limited(memory_limit_in_bytes=64 * MEBI)) as box:
        new = {"memory_limit_in_bytes": 80 * MEBI}
        call("UpdateContainerResources", container_id=box.id, linux=new)
        call("StartContainer", container_id=box.id)
        same(box.limit("memory.limit_in_bytes", "memory.max"), str(80 * MEBI))


def a_limit_that_cannot_be_is_refused(pod):
    with pod.start(SLEEP) as box:
        new = {"cpuset_cpus": "9999"}
        holds("cpuset", refused("UpdateContainerResources", container_id=box.id, linux=new))


def files_of_the_group_are_written(pod):
    if not os.path.exists("/sys/fs/cgroup/cgroup.controllers"):
        raise Skip("this machine's groups are not those of version 2 alone")
    with pod.start(SLEEP, **_limited(unified={"memory.high": str(32 * MEBI)})) as box:
        same(box.limit("", "memory.high"), str(32 * MEBI))


def who_takes_too_much_memory_is_killed_and_it_is_said_why(pod):
    with pod.start("tail /dev/zero", **_limited(memory_limit_in_bytes=16 * MEBI)) as box:
        box.ended()
        until("the reason", lambda: box.status().reason == "OOMKilled")
        same(box.status().exit_code, 137)


def figures_are_shown(pod):
    with pod.start(SLEEP, **_limited(memory_limit_in_bytes=64 * MEBI)) as box:
        stats = call("ContainerStats", container_id=box.id).stats
        assert stats.cpu.usage_core_nano_seconds.value > 0, stats
        assert 0 < stats.memory.working_set_bytes.value < 64 * MEBI, stats
