#!/bin/sh
# containerd as Kubernetes has it: its CRI service, driven as a kubelet does
# (tests/oci/cri), with this runtime as the handler `ten-steps`.  Run by
# tests/check.sh.  The network is CNI's, with Debian's plugins, on this host of
# namespaces; there is no registry, so images are made here.
#
# With systemd's groups, on a machine that it runs: the same, by hand, as root.
# All that it keeps is on mounts of its own, which end with it.
#
#     SYSTEMD=1 work=/run/cri unshare -mn --propagation private sh -c \
#         'mount --make-rshared / && ip link set lo up && exec tests/oci/cri.sh'
# shellcheck disable=SC2016,SC2086,SC2119,SC2154,SC2317
# Scripts for the shell inside, a $work without blanks, functions that `check` calls.
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/engine.sh"
here=$(dirname "$0")/cri
unset XDG_RUNTIME_DIR # a session's, which a daemon has not
plugins=/usr/lib/cni

ctr() {
    command ctr --address $work/containerd.sock --namespace k8s.io "$@"
}

# write_config: containerd's, with the handler of our example.  Root may lack
# CAP_SYS_RESOURCE: then it cannot lower oom_score_adj below its own.
write_config() {
    cat <<CONFIG
version = 2
root = "$work/root"
state = "$work/state"
[grpc]
  address = "$work/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pods:pause"
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "$plugins"
  conf_dir = "$work/cni"
CONFIG
    sed -e "s|@bindir/ten-steps|$runtime|" \
        ${SYSTEMD:+-e "s|SystemdCgroup = false|SystemdCgroup = true|"} \
        "$(dirname "$0")/../../tools/install/examples/containerd.toml"
}

# One bridge for the pods, and addresses from a file.
write_network() {
    cat <<NETWORK
{"cniVersion": "0.4.0", "name": "pods", "plugins": [{"type": "bridge",
  "bridge": "pods0", "isGateway": true, "ipam": {"type": "host-local",
  "dataDir": "$work/leases", "subnet": "10.88.7.0/24",
  "routes": [{"dst": "0.0.0.0/0"}]}}]}
NETWORK
}

# The image of the containers, and the one that holds a pod's namespaces.
make_images() {
    cd $work && umoci init --layout o && umoci new --image o:box &&
        umoci unpack --image o:box made && cp -a "$ROOTFS/." made/rootfs &&
        ln -s /etc made/rootfs/var/link &&
        umoci repack --image o:box made && rm -r made &&
        umoci config --image o:box --config.cmd id --config.env SHADE=dark \
            --config.env PATH=/usr/sbin:/usr/bin:/sbin:/bin &&
        umoci config --image o:box --tag pause --clear config.cmd --config.cmd sh \
            --config.cmd -c --config.cmd \
            'trap "exit 0" TERM; while :; do sleep 1000 & wait; done' &&
        tar -C o -c . | ctr images import --base-name localhost/pods -
}

need containerd ctr containerd-shim-runc-v2 umoci python3 protoc
python3 -c 'import grpc, google.protobuf, yaml' 2>/dev/null || {
    verdict skip all "python3-grpcio, python3-protobuf or python3-yaml is not installed"
    totals
    exit
}
[ -x $plugins/bridge ] || {
    verdict skip all "containernetworking-plugins is not installed"
    totals
    exit
}
hide_other_runtimes
mkdir -p /run/containerd /run/netns
hide $work /var/lib /opt /run/containerd /run/netns
mkdir -p $work/cni
write_network >$work/cni/pods.conflist
write_config >$work/config.toml
protoc -I$here --python_out=$work cri.proto
start_daemon "containerd successfully booted" containerd --config $work/config.toml
(make_images) >$work/image.log 2>&1 || {
    verdict FAIL the_images_are_made "$(tail -n 5 $work/image.log)"
    totals
    exit
}

# drive MODULE...: tests of tests/oci/cri, whose verdicts are counted.
drive() {
    WORK=$work STATES=/run/containerd/runc/k8s.io PYTHONPATH=$work \
        python3 $here "$@" 2>&1 | tee $work/verdicts
    passed=$((passed + $(grep -c '^pass  ' $work/verdicts)))
    failed=$((failed + $(grep -c '^FAIL  ' $work/verdicts)))
    skipped=$((skipped + $(grep -c '^skip  ' $work/verdicts)))
    rm $work/all_was_said 2>/dev/null || verdict FAIL "$*" "it ended before its end"
}

# Namespaces of the network, links, addresses.
no_network_is_left() {
    ls -A /run/netns
    ip -o link show type veth
    find $work/leases -name '10.*'
}

# The groups of the pods are the kubelet's own; nothing may be below them.
no_group_is_left() {
    find /sys/fs/cgroup -type d -path '*/cripods*/*/*'
}

# With systemd it is the machine's process table: nothing ends by itself.  Those
# with our mounts are engine and shims.
end_all() {
    [ "${SYSTEMD-}" ] || return
    systemctl stop cripods.slice
    for each in /proc/[0-9]*; do
        [ "$(readlink $each/ns/mnt)" != "$(readlink /proc/self/ns/mnt)" ] ||
            [ ${each#/proc/} = $$ ] || kill -s KILL ${each#/proc/}
    done 2>/dev/null
}
trap 'end_all; exit 130' INT TERM HUP

drive tutorial pods execs limits security mounts life left
stop_daemon
rm $work/said $work/ready
start_daemon "containerd successfully booted" containerd --config $work/config.toml
drive restart
check nothing_is_left '=0' nothing_is_left /run/containerd/runc/k8s.io
check no_network_is_left '=0' no_network_is_left
check no_group_is_left '=0' no_group_is_left
stop_daemon
end_all
totals
