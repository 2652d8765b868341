# What one process can see of its surroundings, as lines of "name value".
# It comes to a shell on standard input, so that it is the same on the host
# and in a container:  sh <tools/look.sh
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

mounts=0 root=
while read -r _ _ _ _ at _ rest; do
    mounts=$((mounts + 1))
    [ "$at" != / ] || root=${rest#*- }
done </proc/self/mountinfo
echo "mounts $mounts"
echo "root ${root%% *}"

system=
while IFS='=' read -r key value; do
    [ "$key" != PRETTY_NAME ] || system=$value
done </etc/os-release
system=${system#\"} system=${system%\"}
echo "system ${system% (*}"

while IFS=: read -r _ controllers path; do
    case ,$controllers, in
    ,, | *,memory,*) echo "cgroup $path" && break ;;
    esac
done </proc/self/cgroup

status Uid | while read -r real _; do echo "uid $real"; done
echo "capabilities $(status CapEff)"
echo "known $(cat /proc/sys/kernel/cap_last_cap)"
echo "privileges $(status NoNewPrivs)"

interfaces=
while read -r name _; do
    case $name in *:*) interfaces="$interfaces ${name%%:*}" ;; esac
done </proc/net/dev
echo "interfaces$interfaces"
ip -o -4 addr 2>/dev/null | while read -r _ name _ address _; do
    [ "$name" = lo ] || echo "address $address"
done

echo "seccomp $(status Seccomp)"

for space in uts pid mnt cgroup user net ipc time; do
    id=$(readlink "/proc/self/ns/$space")
    id=${id#*\[}
    echo "ns.$space ${id%\]}"
done
