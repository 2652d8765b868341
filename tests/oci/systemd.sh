#!/bin/sh
# systemd's cgroup manager, on a machine that systemd runs: as root with the
# system's manager, as an ordinary user with that user's.  Run by
# tests/check.sh, and as a user by hand:
#
#   BIN=bin ROOTFS=build/rootfs tests/oci/systemd.sh
#
# It makes scopes of the machine's own systemd, named after this process, and
# removes them: systemd moves no processes of other PID namespaces.
# shellcheck disable=SC1091,SC2016,SC2086,SC2154,SC2317
# Scripts for the shell inside, a $work without blanks, functions that `check` calls.
work=$(mktemp -d)
trap 'rm -rf $work' EXIT
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/engine.sh"
if [ ! -d /run/systemd/system ]; then
    verdict skip all "systemd does not run this machine"
    totals
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

# bundle RESOURCES [ANNOTATIONS [PATH]]: what the next container is like.
bundle() {
    cat >$work/bundle/config.json <<END
{"ociVersion": "1.0.2", "root": {"path": "rootfs"},
 "process": {"cwd": "/", "user": {"uid": 0, "gid": 0}, "env": ["PATH=/bin"],
  "args": ["sh", "-c", "$script"]},
 "mounts": [{"destination": "/proc", "type": "proc"}],
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
check_verb update an_update_is_possible =0 ours update --pids-limit 30 $box
check_verb update systemd_knows_of_the_update '30 30=0' both TasksMax pids.max
check it_can_be_deleted =0 delete
check nothing_of_the_scope_is_left '=0' systemctl $manager list-units --all --no-legend "$unit"

bundle '"cpu": {"shares": 512, "quota": 25500, "period": 100000}' '' \
    "$slice:engine:$box"
unit=engine-$box.scope
check a_path_of_three_parts_is_understood =0 create
check it_is_in_that_slice "*/$slice/$unit=0" group_of
if limit cpu.max >/dev/null 2>&1; then
    check a_share_becomes_a_weight '20 20=0' both CPUWeight cpu.weight
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
totals
