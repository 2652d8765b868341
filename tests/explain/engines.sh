#!/bin/sh
# explain: the stories of runc, crun and podman have their steps in the recorded
# order.  Only what is the same on every machine is recorded: kinds of steps, of
# one program.  Run by tests/check.sh on a host of namespaces.
#
# shellcheck disable=SC1091,SC2086,SC2154,SC2317
# A $work without blanks, functions that `check` calls.
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/../oci/engine.sh"
bundles=$(cd "$(dirname "$0")/../oci/bundles" && pwd)

# prepare: the smallest bundle.
prepare() {
    rm -rf $work/bundle
    cp -a "$bundles/minimal" $work/bundle
    cp -a "$ROOTFS" $work/bundle/rootfs
}

# kinds [CHAPTER]: of the story in $work/story, what did not fail, a line each.
kinds() {
    grep '"error":null' $work/story |
        sed -n 's/.*"kind":"\([^"]*\)".*/\1/p'
}

# tell COMMAND...: its story.
tell() {
    "$BIN/explain" --json --output $work/story "$@" </dev/null >$work/printed 2>$work/err
}

# in_order KIND...: these steps come one after the other, others between them.
in_order() {
    kinds >$work/kinds
    printf '%s\n' "$@" >$work/wanted
    awk 'NR == FNR { wanted[++n] = $0; next }
        at < n && $0 == wanted[at + 1] { at++ }
        END { if (at == n) print "in order"
              else print "not there, or not in its place: " wanted[at + 1] }' \
        $work/wanted $work/kinds
}

# have PROGRAM
have() {
    command -v "$1" >/dev/null || {
        verdict skip "the story of $1" "$1 is not installed"
        return 1
    }
}

runc_tells() {
    prepare
    tell runc --root $work/states run --bundle $work/bundle box || cat $work/err
    in_order "unshare NEWPID NEWNS" mount.slave mount.itself mount.proc \
        pivot_root umount.old_root exec pid.end
}
crun_tells() {
    prepare
    tell unshare --mount sh -c \
        'mount -t cgroup2 cgroup2 /sys/fs/cgroup; exec "$@"' sh \
        crun --root $work/states run --bundle $work/bundle box || cat $work/err
    in_order cgroup.make "clone NEWPID NEWNS" mount.itself mount.proc \
        pivot_root umount.old_root exec pid.end cgroup.remove
}
ours_tells() {
    prepare
    tell "$runtime" --root $work/states run --bundle $work/bundle box || cat $work/err
    in_order "clone NEWPID NEWNS" mount.private mount.itself mount.proc \
        pivot_root umount.old_root exec pid.end
}
podman_tells() {
    tell env CONTAINERS_CONF=$work/containers.conf podman --root $work/root \
        --runroot $work/runroot --tmpdir $work/tmp --storage-driver overlay \
        --cgroup-manager cgroupfs --runtime "$runtime" \
        run --rm --network none localhost/box echo hello || cat $work/err
    grep -q ^hello $work/printed || echo "it did not run"
    in_order mount.overlay subreaper exec cgroup.make mount.private mount.proc \
        mount.mqueue pivot_root umount.old_root seccomp capset.drop \
        exec pid.end umount
}
# A daemon is joined: its containerd, which starts what starts the containers.
docker_tells() {
    for each in /proc/[0-9]*; do
        [ "$(cat "$each/comm" 2>/dev/null)" != containerd ] || joined=${each#/proc/}
    done
    "$BIN/explain" --json --output $work/story --attach "$joined" &
    story=$!
    while grep -q 'TracerPid:.0$' /proc/"$joined"/task/*/status; do :; done
    docker --host unix://$work/docker.sock run --rm --network none box echo hello
    kill -INT $story
    wait $story
    in_order subreaper cgroup.make mount.proc pivot_root seccomp capset.drop \
        exec pid.end cgroup.remove
    docker --host unix://$work/docker.sock run --rm --network none box echo on
}

check what_stage_10_does_for_a_bundle '*in order=0' ours_tells
! have runc || check what_runc_does '*in order=0' runc_tells
! have crun || check what_crun_does '*in order=0' crun_tells
if have podman && have conmon; then
    hide /var/lib/containers /var/lib/cni /etc/cni
    mkdir -p $work/runroot $work/tmp
    write_containers_conf $work >$work/containers.conf
    tar -C "$ROOTFS" -c . | podman --root $work/root --runroot $work/runroot \
        --tmpdir $work/tmp --storage-driver overlay \
        import - localhost/box >/dev/null 2>&1
    check what_podman_does '*in order=0' podman_tells
fi
if have dockerd && have docker; then
    hide /etc/docker /var/lib/docker /var/lib/containerd
    start_daemon "API listen on" dockerd --host unix://$work/docker.sock \
        --data-root $work/data --exec-root $work/exec --pidfile $work/pid \
        --bridge none --iptables=false --ip6tables=false \
        --storage-driver overlay2 --exec-opt native.cgroupdriver=cgroupfs \
        --add-runtime ten-steps="$runtime" --default-runtime ten-steps
    tar -C "$ROOTFS" -c . |
        docker --host unix://$work/docker.sock import - box >/dev/null
    check what_docker_does_once_joined 'hello
in order
on=0' docker_tells
    stop_daemon
fi
totals
