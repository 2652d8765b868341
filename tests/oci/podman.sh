#!/bin/sh
# podman with this runtime, as root, with all that it keeps in one directory.
# Run by tests/check.sh.
# shellcheck disable=SC2016,SC2086,SC2119,SC2154,SC2317
# Scripts for the shell inside, a $work without blanks, functions that `check` calls.
image=localhost/box
engine() {
    CONTAINERS_CONF=$work/containers.conf podman --root $work/root \
        --runroot $work/runroot --tmpdir $work/tmp --storage-driver overlay \
        --cgroup-manager cgroupfs --runtime "$runtime" "$@"
}
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/engine.sh"
# Some tests need the engine as a program.
if [ "${1-}" = --engine ]; then
    shift
    engine "$@"
    exit
fi
need podman conmon
hide_other_runtimes
hide /var/lib/containers /var/lib/cni /etc/cni
mkdir -p $work/runroot $work/tmp
write_containers_conf $work >$work/containers.conf
make_shared
tar -C "$ROOTFS" -c . | engine import - $image >/dev/null 2>&1
since=$(date +%s)
told() {
    engine events --since "$since" --stream=false --format '{{.Status}}' |
        tr '\n' ' '
}
# shellcheck source=tests/oci/commands.sh
. "$(dirname "$0")/commands.sh"

# What podman alone can do: systemd inside, a directory as the root, users of
# its own, a pod.
check systemd_could_run_inside '*/sys/fs/cgroup*=0' \
    once --systemd=always $image grep cgroup /proc/mounts
cp -a "$ROOTFS" $work/rootfs
check a_directory_as_the_root 'box=0' once --hostname box --rootfs $work/rootfs hostname
check root_inside_is_a_user_outside '*0 2000000000 65536*root=0' \
    once --uidmap 0:2000000000:65536 --gidmap 0:2000000000:65536 $image \
    sh -c 'echo $(cat /proc/self/uid_map); whoami'
box >/dev/null
check a_pod_shares_its_network 'net:*=0' sh -c 'a=$("$1" --engine exec box readlink \
    /proc/self/ns/net) && b=$("$1" --engine run --rm --network container:box '$image' \
    readlink /proc/self/ns/net) && test "$a" = "$b" && echo $a' sh "$0"
engine rm -f box >/dev/null
check nothing_is_left '=0' nothing_is_left /run/ten-steps/oci
totals
