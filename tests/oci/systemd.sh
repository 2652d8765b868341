#!/bin/sh
# systemd's cgroup manager, on a machine that systemd runs: as root with the
# system's manager, as an ordinary user with that user's.  Run by
# tests/check.sh, and as a user by hand:
#
#   BIN=bin ROOTFS=build/rootfs tests/oci/systemd.sh
#
# It makes scopes of the machine's own systemd, named after this process, and
# removes them: systemd moves no processes of other PID namespaces.  Then podman
# does, whose own way this is.
# shellcheck disable=SC1091,SC2016,SC2086,SC2154,SC2317
# Scripts for the shell inside, a $work without blanks, functions that `check` calls.
work=$(mktemp -d) mounts_nothing=1
trap 'rm -rf $work' EXIT
trap 'exit 130' INT TERM HUP
# podman as it comes: no --cgroup-manager.  Images and containers are in $work.
image=localhost/box
engine() {
    CONTAINERS_CONF=$work/containers.conf podman --root $work/root --runroot $work/runroot \
        --tmpdir $work/tmp --storage-driver vfs --runtime "$runtime" "$@"
}
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/engine.sh"
if [ ! -d /run/systemd/system ]; then
    verdict skip all "systemd does not run this machine"
    totals
    exit
fi
need busctl systemctl
if [ "$(id -u)" = 0 ]; then
    manager=--system slice=system.slice
    ids=
    more=
else
    manager=--user slice=user.slice
    # A user alone: one id, and no network of the host's to ask for.
    ids=", \"uidMappings\": [{\"containerID\": 0, \"hostID\": $(id -u), \"size\": 1}],
        \"gidMappings\": [{\"containerID\": 0, \"hostID\": $(id -g), \"size\": 1}]"
    more=', {"type": "user"}'
fi
box=test-$$
unit=ten-steps-$box.scope
mkdir $work/bundle
cp -a "$ROOTFS" $work/bundle/rootfs

script='tail -f /dev/null'

# bundle RESOURCES [ANNOTATIONS [PATH]]: what the next container is like.  Its
# /dev is a tmpfs, because Debian 13's /tmp allows no devices.
bundle() {
    cat >$work/bundle/config.json <<END
{"ociVersion": "1.0.2", "root": {"path": "rootfs"},
 "process": {"cwd": "/", "user": {"uid": 0, "gid": 0}, "env": ["PATH=/bin"],
  "args": ["sh", "-c", "$script"]},
 "mounts": [{"destination": "/proc", "type": "proc"}, {"destination": "/dev", "type": "tmpfs"}],
 "annotations": {${2-}},
 "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}, {"type": "ipc"},
  {"type": "uts"}, {"type": "cgroup"}$more]$ids,
  "cgroupsPath": "${3-}", "resources": {$1}}}
END
}
ours() {
    "$runtime" --root $work/states --systemd-cgroup "$@"
}
# The container keeps the output that it is given.
create() {
    ours create --bundle $work/bundle $box >$work/out 2>&1 && status=0 || status=$?
    cat $work/out
    return $status
}
delete() {
    ours delete --force $box
}
group_of() {
    ours state $box | sed -n 's/.*"pid": \([0-9]*\).*/\1/p' >$work/pid
    cut -d: -f3 "/proc/$(cat $work/pid)/cgroup" | tail -n 1
}
# limit FILE: what the kernel has for the container.
limit() {
    cat "/sys/fs/cgroup$(group_of)/$1"
}
property() {
    systemctl $manager show "$unit" -p "$1" --value
}
both() {
    echo "$(property $1) $(limit $2)"
}

bundle '"memory": {"limit": 67108864, "swap": 67108864}, "pids": {"limit": 20}' \
    '"org.systemd.property.TimeoutStopSec": "uint64 7",
     "org.systemd.property.Description": "'"'a box'"'"'
check a_scope_is_made =0 create
check the_container_is_in_it "*/$unit=0" group_of
check systemd_knows_whose_it_is "yes=0" property Delegate
check memory_is_limited '67108864 67108864=0' both MemoryMax memory.max
check processes_are_limited '20 20=0' both TasksMax pids.max
check annotations_are_properties '7s=0' property TimeoutStopUSec
check a_string_can_have_blanks 'a box=0' property Description
systemctl $manager daemon-reload
check limits_survive_a_daemon_reload '67108864 67108864=0' both MemoryMax memory.max
check it_can_be_started =0 ours start $box
check an_update_is_possible =0 ours update --pids-limit 30 $box
check systemd_knows_of_the_update '30 30=0' both TasksMax pids.max
check it_can_be_deleted =0 delete
check nothing_of_the_scope_is_left '=0' systemctl $manager list-units --all --no-legend "$unit"

bundle '"cpu": {"shares": 512, "quota": 25500, "period": 100000}' '' \
    "$slice:engine:$box"
unit=engine-$box.scope
check a_path_of_three_parts_is_understood =0 create
check it_is_in_that_slice "*/$slice/$unit=0" group_of
if limit cpu.max >/dev/null 2>&1; then
    check a_share_becomes_a_weight '59 59=0' both CPUWeight cpu.weight
    # systemd keeps whole percents; the file has what was asked for.
    check a_quota_is_exact '260ms 25500 100000=0' both CPUQuotaPerSecUSec cpu.max
else
    verdict skip a_quota_is_exact "this user may not limit the cpu"
fi
check a_name_that_is_taken_is_refused '*systemd says: *already*=1' \
    ours create --bundle $work/bundle $box-2
check the_first_one_lives "*/$slice/$unit=0" group_of
check it_is_deleted =0 delete

bundle '' '' /a/path
check a_path_is_not_a_scope '*cgroupsPath: "/a/path" is not the name of a scope*=1' create
bundle '' '"org.systemd.property.Nonsense": "true"'
check a_property_that_systemd_does_not_have '*systemd says: *Nonsense*=1' create
bundle '' '"org.systemd.property.TimeoutStopUSec": "(1, 2)"'
check a_value_that_is_not_understood '*annotations.org.systemd.property.TimeoutStopUSec*=1' create
script='cat /sys/fs/cgroup/cgroup.type'
bundle '' && sed -i 's|"/proc", "type": "proc"}|&, {"destination": "/sys", "type": "tmpfs"},\
 {"destination": "/sys/fs/cgroup", "type": "cgroup"}|' $work/bundle/config.json
check its_group_is_seen_inside 'domain=0' ours run --bundle $work/bundle $box
script=true
bundle ''
check a_run_leaves_no_scope '=0' ours run --bundle $work/bundle $box
unit=ten-steps-$box.scope
check a_run_has_left_no_scope '=0' systemctl $manager list-units --all --no-legend "$unit"
check no_state_is_left '=0' ls $work/states

# podman: its scopes have the ids of its containers in their names.
if ! command -v podman >/dev/null; then
    verdict skip podman "podman is not installed"
    totals
    exit
fi
write_containers_conf $work >$work/containers.conf
make_shared
tar -C "$ROOTFS" -c . | engine import - $image >/dev/null 2>&1
once() {
    engine run --rm --network none "$@"
}
# keep [OPTION]...: the container `box`, which runs until it is told to end.
keep() {
    engine run --detach --name box --network none --volume $work/shared:/shared "$@" \
        $image sh -c "$waits" >/dev/null && hear
}
# named FORMAT: of the container `box`.
named() {
    engine inspect --format "$1" box
}
# `limit` and `both` ask this where the container is.
group_of() {
    cut -d: -f3 "/proc/$(named '{{.State.Pid}}')/cgroup" | tail -n 1
}
# Of containers with the ids $1: scopes, groups, and states of the runtime.
left_of() {
    for each in $1; do
        systemctl $manager list-units --all --no-legend "libpod-$each.scope"
        find /sys/fs/cgroup "${XDG_RUNTIME_DIR:-/run}"/ten-steps* -name "*$each*" 2>/dev/null || :
    done
}
check podman_chooses_systemd 'systemd=0' engine info --format '{{.Host.CgroupManager}}'
check podman_runs_it '0::/ 67108864 20 7=7' once --memory 64m --pids-limit 20 $image \
    sh -c 'echo $(cat /proc/self/cgroup /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max) 7; exit 7'
check podman_keeps_one '=0' keep --memory 32m --memory-swap 32m --pids-limit 30
check this_is_its_runtime "$runtime=0" named '{{.OCIRuntime}}'
ids=$(named '{{.Id}}')
unit=libpod-$ids.scope
check its_scope_is_podmans "*.slice/$unit=0" group_of
check systemd_has_podmans_memory '33554432 33554432=0' both MemoryMax memory.max
check systemd_has_podmans_processes '30 30=0' both TasksMax pids.max
if limit cpu.max >/dev/null 2>&1; then
    check podman_limits_the_cpu '50000 100000=0' once --cpus 0.5 $image cat /sys/fs/cgroup/cpu.max
else
    verdict skip podman_limits_the_cpu "this user may not limit the cpu"
fi
check podman_updates_it '*=0' engine update --memory 48m --memory-swap 48m box
check both_have_podmans_update '50331648 50331648=0' both MemoryMax memory.max
check podman_enters_it 'root 0::/=4' engine exec box sh -c 'echo $(whoami; cat /proc/self/cgroup); exit 4'
check podman_pauses_it 'box=0' engine pause box
check the_whole_scope_stands_still '*frozen 1*=0' limit cgroup.events
check podman_resumes_it 'box=0' engine unpause box
check podman_counts_its_processes '2=0' engine stats --no-stream --format '{{.PIDs}}' box
check podman_stops_it 'box=0' engine stop box
check the_status_is_its_own '9=0' named '{{.State.ExitCode}}'
check podman_removes_it 'box=0' engine rm box
check full_memory_kills_it '*=137' engine run --name box --network none --memory 16m \
    --memory-swap 16m $image tail /dev/zero
engine rm box >/dev/null
engine pod create --infra=false --name pod >/dev/null
check a_pod_starts '=0' keep --pod pod
ids="$ids $(named '{{.Id}}')"
# podman 4 makes no group for a pod that has no container of podman's.
slice='*libpod_pod_*.slice'
engine pod inspect pod | grep -q '"CreateCgroup": true' || slice='*.slice'
check a_pods_container_is_in_its_slice "$slice/libpod-*.scope=0" group_of
check a_pod_is_removed '*=0' engine pod rm --force --time 0 pod
check nothing_of_podmans_is_left '=0' left_of "$ids"
# An ordinary user's podman has files of other ids, and keeps a process.
[ "$(id -u)" = 0 ] || { engine unshare rm -rf $work/root && engine system migrate 2>/dev/null; }
totals
