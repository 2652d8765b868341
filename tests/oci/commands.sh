# What podman and Docker have the same words for.  `engine` is the one that is
# tested, with its global options; `image` is an image with busybox.
# shellcheck shell=sh disable=SC2154,SC2016,SC2086
# SC2154: the one who sources this sets them.  SC2016: for the shell inside.
# SC2086: $work has no blanks.

# A container that runs once.
once() {
    engine run --rm --network none "$@"
}

# The container `box`, which runs until it is told to end.
box() {
    engine run --detach --name box --network none \
        --volume $work/shared:/shared "$@" "$image" sh -c "$waits" >/dev/null &&
        hear
}

# The value of a limit that the kernel has for the container, read inside.
limit() {
    engine exec box sh -c "cat /sys/fs/cgroup/$1 2>/dev/null || cat /sys/fs/cgroup/$2"
}

# One rule for a call with any arguments, and one for a certain argument (8 is
# what linux32 asks for, linux64 asks for 0).
cat >$work/filter.json <<'END'
{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
 {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"},
 {"names": ["personality"], "action": "SCMP_ACT_ERRNO",
  "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}]}
END

check the_status_is_the_commands '7=7' once "$image" sh -c 'echo 7; exit 7'
check a_signal_is_128_and_its_number '=137' once --init "$image" sh -c 'kill -9 $$'
check input_reaches_it '5=0' sh -c 'echo 5 | "$@"' sh \
    "$0" --engine run --rm -i --network none "$image" cat
check output_and_errors_stay_apart 'out=0' sh -c '"$@" 2>/dev/null' sh \
    "$0" --engine run --rm --network none "$image" sh -c 'echo out; echo err >&2'
check a_missing_program_is_named '*no-such-program*not found*=127' \
    once "$image" no-such-program
check a_missing_path_is_named '*/no/such/program*=127' \
    once "$image" /no/such/program
check a_file_that_is_no_program_is_named '*/etc/passwd*=126' \
    once "$image" /etc/passwd
check it_has_a_terminal '/dev/pts/0*crw*=0' \
    once -t "$image" sh -c 'tty; stat -c %A /dev/console'
check it_has_no_terminal 'not a tty=0' once "$image" sh -c 'tty; :'
check it_has_a_host_name 'box=0' once --hostname box "$image" hostname
check no_network_is_only_lo 'lo=0' once "$image" ls /sys/class/net
check an_init_is_first '*init*=0' once --init "$image" sh -c 'cat /proc/1/comm'
check it_is_another_user 'uid=7* gid=8* groups=8*=0' once --user 7:8 "$image" id
check a_further_group 'uid=7* gid=8* groups=8*,9=0' \
    once --user 7:8 --group-add 9 "$image" id
check the_root_is_read_only '*Read-only file system*=1' \
    once --read-only "$image" touch /file
check read_only_with_a_tmpfs '*/t/file=0' \
    once --read-only --tmpfs /t "$image" sh -c 'touch /t/file && ls /t/file'
check without_capabilities '*0000000000000000=0' \
    once --cap-drop all "$image" grep CapEff /proc/self/status
check with_one_capability '*0000000000001000=0' \
    once --cap-drop all --cap-add net_admin "$image" grep CapEff /proc/self/status
check no_new_privileges '*1=0' \
    once --security-opt no-new-privileges "$image" grep NoNewPrivs /proc/self/status
check a_filter_is_on '*2=0' once "$image" grep Seccomp: /proc/self/status
check a_filter_stops_a_call '*/new*not permitted*=1' \
    once --security-opt seccomp=$work/filter.json "$image" mkdir /new
check a_filter_looks_at_arguments '*personality*not permitted*=0' \
    once --security-opt seccomp=$work/filter.json "$image" \
    sh -c 'linux64 true && ! linux32 true'
check a_device '1, 7=0' \
    once --device /dev/full:/dev/other "$image" stat -c '%t, %T' /dev/other
check no_other_device '*not permitted*=1' \
    once --cap-add mknod "$image" sh -c 'mknod /d c 1 1 && cat /d'
check variables_and_directory 'blue /tmp=0' \
    once -e COLOR=blue -w /tmp "$image" sh -c 'echo $COLOR $PWD'
check a_resource_limit '99=0' \
    once --ulimit nofile=99:99 --ulimit nproc=99:99 "$image" sh -c 'ulimit -n'
check a_kernel_parameter '99=0' \
    once --sysctl kernel.msgmax=99 "$image" cat /proc/sys/kernel/msgmax
check a_volume_is_written 'x=0' sh -c '"$@" && cat '$work/shared/file sh \
    "$0" --engine run --rm --network none --volume $work/shared:/shared \
    "$image" sh -c 'echo x >/shared/file'
check a_volume_is_read_only '*Read-only*=1' \
    once --volume $work/shared:/shared:ro "$image" touch /shared/new
check secrets_of_proc_are_hidden '0=0' \
    once "$image" sh -c 'cat /proc/timer_list /proc/keys 2>/dev/null | wc -c'

check box_starts '=0' box --memory 64m --pids-limit 33 --cpu-shares 512
check it_is_listed 'box=0' engine ps --format '{{.Names}}'
check exec_has_its_status 'root=4' engine exec box sh -c 'whoami; exit 4'
check exec_has_a_terminal '/dev/pts/*=0' engine exec -t box tty
check exec_has_none 'not a tty=0' engine exec box sh -c 'tty; :'
check exec_is_another_user 'uid=7 gid=8*=0' engine exec --user 7:8 box id
check exec_has_variables 'red /tmp=0' \
    engine exec -e COLOR=red -w /tmp box sh -c 'echo $COLOR $PWD'
check exec_sees_process_1 'sh*=0' engine exec box sh -c 'tr "\\0" " " </proc/1/cmdline'
check exec_in_the_background '*x=0' sh -c '"$@" && cat '$work/shared/ready sh \
    "$0" --engine exec --detach box sh -c 'echo x >/shared/ready'
check exec_names_a_missing_program '*no-such-program*=12[67]' \
    engine exec box no-such-program
check memory_is_limited '67108864=0' limit memory/memory.limit_in_bytes memory.max
check processes_are_limited '33=0' limit pids/pids.max pids.max
check figures_are_shown '*B / 6[47]*M*B=0' \
    engine stats --no-stream --format '{{.MemUsage}}' box
check its_processes_are_listed '*sleep 1000*=0' engine top box
check its_output_is_kept 'said=0' engine logs box
check it_pauses '*paused=0' sh -c '"$1" --engine pause box &&
    "$1" --engine inspect --format {{.State.Status}} box' sh "$0"
check it_goes_on '*running=0' sh -c '"$1" --engine unpause box &&
    "$1" --engine inspect --format {{.State.Status}} box' sh "$0"
check limits_are_changed '*=0' engine update \
    --memory 96m --memory-swap 192m box
check the_changed_limit_is_there '100663296=0' \
    limit memory/memory.limit_in_bytes memory.max
check a_signal_is_handled '9=0' sh -c '"$1" --engine kill --signal TERM box \
    >/dev/null && "$1" --engine wait box' sh "$0"
check it_starts_again '=0' sh -c '"$1" --engine start box >/dev/null &&
    read -r x <'$work/shared/ready sh "$0"
check it_restarts '=0' sh -c '"$1" --engine restart -t 5 box >/dev/null &&
    read -r x <'$work/shared/ready sh "$0"
check it_stops '9=0' sh -c '"$1" --engine stop box >/dev/null &&
    "$1" --engine wait box' sh "$0"
check exec_of_a_stopped_one_is_refused '*running*=*' engine exec box true
check it_starts_once_more '=0' sh -c '"$1" --engine start box >/dev/null &&
    read -r x <'$work/shared/ready sh "$0"
check it_is_killed '137=0' sh -c '"$1" --engine kill box >/dev/null &&
    "$1" --engine wait box' sh "$0"
check it_is_removed '=0' sh -c '"$1" --engine rm box >/dev/null &&
    "$1" --engine ps -aq' sh "$0"
check box_starts_again '=0' box
check figures_are_shown_without_limits '*[1-9] [1-9]*[kKM]*B / *=0' \
    engine stats --no-stream --format '{{.PIDs}} {{.MemUsage}}' box
check a_running_one_is_removed_by_force '=0' sh -c '"$1" --engine rm -f box \
    >/dev/null && "$1" --engine ps -aq' sh "$0"
check what_happened_is_told '*start*die*=0' told
