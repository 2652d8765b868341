#!/bin/sh
# containerd with this runtime, by its own client ctr, on a socket of its own.
# Run by tests/check.sh.  What Kubernetes asks for goes the same way, through
# the same shim: tests/oci/cri.sh.
# shellcheck disable=SC2016,SC2086,SC2119,SC2154,SC2317
# Scripts for the shell inside, a $work without blanks, functions that `check` calls.
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/engine.sh"
image=box:one
ctr() {
    command ctr --address $work/containerd.sock "$@"
}
make() {
    ctr run --runtime io.containerd.runc.v2 --runc-binary "$runtime" \
        --runc-root $work/runc "$@"
}
# Some tests need the client as a program.
case ${1-} in
--make | --ctr)
    words=${1#--}
    shift
    $words "$@"
    exit
    ;;
esac
need containerd ctr containerd-shim-runc-v2 umoci
hide_other_runtimes
hide /var/lib/containerd
cat >$work/config.toml <<END
version = 2
root = "$work/root"
state = "$work/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "$work/containerd.sock"
END
start_daemon "containerd successfully booted" containerd --config $work/config.toml
make_shared

# An image of one layer; no registry is asked.
(
    cd $work && umoci init --layout o && umoci new --image o:one &&
        umoci unpack --image o:one made && cp -a "$ROOTFS/." made/rootfs &&
        umoci repack --image o:one made && rm -r made &&
        umoci config --image o:one --config.env COLOR=blue --config.cmd id
) >$work/image.log 2>&1
tar -C $work/o -c . | ctr images import --base-name box - >>$work/image.log 2>&1

ctr events >$work/events 2>&1 &
events=$!

# A container that runs once: once [OPTION]... $image one COMMAND...
once() {
    make --rm "$@"
}

# The same on a terminal, which ctr wants to have itself.  A program prints its
# name and then stays until that was read: of one that ends at once containerd
# now and then loses the last words, whatever the runtime.
on_terminal() {
    : >$work/typescript
    timeout 300 tail -f $work/typescript 2>/dev/null |
        { grep -q -m 1 /dev/pts/ && echo >$work/typed; } &
    with_terminal "sh $0 $* sh -c 'tty && read -r _'"
    status=$?
    kill $! 2>/dev/null
    return $status
}

# The container `box`, which runs until it is told to end.
box() {
    make --detach --log-uri "file://$work/box.log" --memory-limit 67108864 \
        --cpu-shares 512 --mount "type=bind,src=$work/shared,dst=/shared,options=rbind:rw" \
        $image box sh -c "$waits" && read -r _ <$work/shared/ready
}

# task WORD...: on the container `box`.
task() {
    ctr tasks "$@"
}

# Its next state in `ctr tasks ls`.
state() {
    task ls | awk '$1 == "box" { print $3 }'
}

# The value of one of its limits, v1 or v2.
limit() {
    find /sys/fs/cgroup -path "*/default/box/$1" -exec cat {} + |
        grep . || cat "/sys/fs/cgroup/default/box/$2"
}

# ends_by COMMAND...: wait until it has ended, and print that event.
ends_by() {
    lines=$(wc -l <$work/events)
    "$@" && tail -n +$((lines + 1)) -f $work/events |
        grep -m 1 -o '/tasks/exit.*"id":"box".*'
}

check the_status_is_the_commands '7=7' once $image one sh -c 'echo 7; exit 7'
check the_images_command_runs '*uid=0*=0' once $image one
check a_missing_program_is_named '*no-such-program*not found*=1' \
    once $image one no-such-program
check it_has_a_terminal '*/dev/pts/0*=0' on_terminal --make --rm -t $image one
check it_has_no_terminal 'not a tty=0' once $image one sh -c 'tty; :'
check it_has_its_own_network 'lo=0' once $image one ls /sys/class/net
check it_has_the_hosts_network 'net:*=0' sh -c 'test "$("$@")" = \
    "$(readlink /proc/self/ns/net)" && readlink /proc/self/ns/net' sh \
    "$0" --make --rm --net-host $image one readlink /proc/self/ns/net
check it_joins_a_namespace 'host=0' \
    once --with-ns uts:/proc/self/ns/uts $image one hostname
check the_root_is_read_only '*Read-only file system*=1' \
    once --read-only $image one touch /file
check without_a_capability '*00000000a80425fa=0' \
    once --cap-drop CAP_CHOWN $image one grep CapEff /proc/self/status
check with_a_capability '*00000000a80435fb=0' \
    once --cap-add CAP_NET_ADMIN $image one grep CapEff /proc/self/status
check no_new_privileges '*1=0' once $image one grep NoNewPrivs /proc/self/status
check new_privileges '*0=0' \
    once --allow-new-privs $image one grep NoNewPrivs /proc/self/status
check a_filter_is_on '*2=0' once --seccomp $image one grep Seccomp: /proc/self/status
check a_device '1, 7=0' \
    once --device /dev/full $image one stat -c '%t, %T' /dev/full
check variables_and_directory 'red blue /tmp=0' \
    once --env SHADE=red --cwd /tmp $image one sh -c 'echo $SHADE $COLOR $PWD'
check a_volume_is_read_only '*Read-only*=1' once --mount \
    "type=bind,src=$work/shared,dst=/shared,options=rbind:ro" $image one touch /shared/new
check box_starts '=0' box
check its_state_is_running 'RUNNING=0' state
check exec_has_its_status 'root=4' task exec --exec-id 1 box sh -c 'whoami; exit 4'
check exec_has_a_terminal '*/dev/pts/*=0' \
    on_terminal --ctr tasks exec --exec-id 2 -t box
check exec_is_another_user 'uid=7 gid=8*=0' \
    task exec --exec-id 3 --user 7:8 box id
check exec_in_the_background 'x=0' sh -c '"$@" && cat '$work/shared/ready sh \
    "$0" --ctr tasks exec --detach --exec-id 4 box sh -c 'echo x >/shared/ready'
check exec_names_a_missing_program '*no-such-program*=1' \
    task exec --exec-id 5 box no-such-program
check memory_is_limited '67108864=0' limit memory.limit_in_bytes memory.max
check processor_time_is_shared '*=0' limit cpu.shares cpu.weight
check figures_are_shown '*memory*=0' task metrics box
check its_processes_are_listed '*PID*[1-9]*=0' task ps box
check its_output_is_kept 'said=0' cat $work/box.log
check it_pauses 'PAUSED=0' sh -c '"$@" pause box && "$@" ls |
    grep -o PAUSED' sh "$0" --ctr tasks
check it_goes_on 'RUNNING=0' sh -c '"$@" resume box && "$@" ls |
    grep -o RUNNING' sh "$0" --ctr tasks
check a_running_one_is_not_removed '*must be stopped*=1' task rm box
check a_signal_is_handled '*"exit_status":9*=0' ends_by task kill -s TERM box
check its_end_is_seen 'STOPPED=0' state
check its_task_is_removed '*code 9*=0' task rm box
check it_starts_again '=0' sh -c '"$@" start -d box >/dev/null && read -r x <'$work/shared/ready \
    sh "$0" --ctr tasks
check it_is_killed '*"exit_status":137*=0' ends_by task kill -s KILL box
check its_task_is_removed_again '*code 137*=0' task rm box
check it_is_removed '=0' ctr containers rm box
check one_without_limits_starts '=0' sh -c '"$@" >/dev/null && read -r x <'$work/shared/ready sh \
    "$0" --make --detach --log-uri "file://$work/box.log" \
    --mount "type=bind,src=$work/shared,dst=/shared,options=rbind:rw" $image box sh -c "$waits"
check figures_are_shown_without_limits '*memory.usage*[1-9]*pids.current*[1-9]*=0' task metrics box
check it_is_removed_by_force '*=0' sh -c '"$0" --ctr tasks rm -f box; "$0" --ctr containers rm box' "$0"
{ kill $events && wait $events; } 2>/dev/null
check what_happened_is_told '*/tasks/start*/tasks/exit*/tasks/delete*=0' \
    cat $work/events
check nothing_is_left '=0' nothing_is_left $work/runc/default
stop_daemon
totals
