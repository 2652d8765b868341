# What one process can see of its surroundings, as lines of "name value".
# Fed to a shell on standard input, so that it runs the same on the host and
# in a container:  sh <tools/look.sh
# shellcheck shell=sh

# One line of /proc/self/status.
status() {
    while read -r key value; do
        [ "$key" != "$1:" ] || echo "$value"
    done </proc/self/status
}

echo "hostname $(hostname)"
set -- /proc/[0-9]*
echo "processes $#"
echo "pid $$"
mounts=0
while read -r _ _ _ _ at _ rest; do
    mounts=$((mounts + 1))
    [ "$at" != / ] || root=${rest#*- }
done </proc/self/mountinfo
echo "mounts $mounts"
echo "root ${root% *}"
while IFS=: read -r _ controllers path; do
    case ,$controllers, in
    ,,) echo "cgroup $path" ;;
    *,memory,*) echo "cgroup.memory $path" ;;
    esac
done </proc/self/cgroup
status Uid | while read -r real _; do echo "uid $real"; done
echo "capabilities $(status CapEff)"
echo "known $(cat /proc/sys/kernel/cap_last_cap)"
echo "privileges $(status NoNewPrivs)"
echo "seccomp $(status Seccomp)"
interfaces=
while read -r interface _; do
    case $interface in
    *:*) interfaces="$interfaces ${interface%%:*}" ;;
    esac
done </proc/net/dev
echo "interfaces$interfaces"
for space in uts pid mnt cgroup user net ipc time; do
    id=$(readlink /proc/self/ns/$space)
    id=${id#*[}
    echo "ns.$space ${id%]}"
done
