#!/bin/sh
# Docker with this runtime: dockerd and its containerd of the distribution, on
# a socket of their own.  Run by tests/check.sh.
# shellcheck disable=SC2016,SC2086,SC2119,SC2154,SC2317
# Scripts for the shell inside, a $work without blanks, functions that `check` calls.
image=box
engine() {
    docker --host unix://$work/docker.sock "$@"
}
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/engine.sh"
# Some tests need the engine as a program.
if [ "${1-}" = --engine ]; then
    shift
    engine "$@"
    exit
fi
need dockerd docker containerd
hide_other_runtimes
hide /etc/docker /var/lib/docker /var/lib/containerd
start_daemon "API listen on" dockerd --host unix://$work/docker.sock \
    --data-root $work/data --exec-root $work/exec --pidfile $work/pid \
    --bridge none --iptables=false --ip6tables=false --storage-driver overlay2 \
    --exec-opt native.cgroupdriver=cgroupfs \
    --add-runtime ten-steps="$runtime" --default-runtime ten-steps
make_shared
tar -C "$ROOTFS" -c . | engine import - $image >/dev/null
since=$(date +%s)
told() {
    engine events --since "$since" --until "$(date +%s)" --format '{{.Action}}' |
        tr '\n' ' '
}
# shellcheck source=tests/oci/commands.sh
. "$(dirname "$0")/commands.sh"
check nothing_is_left '=0' nothing_is_left $work/exec/runtime-*/moby
stop_daemon
totals
