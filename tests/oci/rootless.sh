#!/bin/sh
# An ordinary user's containers: bundles, and podman.  Run by tests/check.sh.
#
# The user is made here, on this host only.  65536 more ids are theirs by
# /etc/subuid, and newuidmap(1) gives them.
# shellcheck disable=SC1091,SC2016,SC2086,SC2119,SC2154,SC2317
# Scripts for another shell, a $work without blanks, functions that `check` calls.
# shellcheck source=tests/oci/engine.sh
. "$(dirname "$0")/engine.sh"
home=$work/home

# me COMMAND...: as the ordinary user, with nothing of root's environment.
me() {
    setpriv --reuid 4321 --regid 4321 --init-groups env -i PATH="$PATH" HOME=$home \
        XDG_RUNTIME_DIR=/run/user/4321 CONTAINERS_CONF=$home/containers.conf "$@"
}
oci() {
    me "$runtime" "$@"
}
engine() {
    me podman --cgroup-manager cgroupfs --runtime "$runtime" \
        --root $home/root --runroot /run/user/4321/containers --storage-driver vfs "$@"
}
# Some tests need these as programs.
if [ "${1-}" = --engine ] || [ "${1-}" = --oci ]; then
    words=${1#--}
    shift
    $words "$@"
    exit
fi

make_user() {
    mkdir -p $home /run/user/4321
    echo "learner:x:4321:4321::$home:/bin/sh" | cat /etc/passwd - >$work/passwd
    echo "learner:x:4321:" | cat /etc/group - >$work/group
    echo "learner:1000000:65536" | tee $work/subuid >$work/subgid
    for each in passwd group subuid subgid; do
        touch /etc/$each 2>/dev/null
        mount --bind $work/$each /etc/$each
    done
    cp -a "$ROOTFS" $home/rootfs
    mkdir $home/bundle $home/v
    mkfifo $home/v/ready
    chown -R 4321:4321 $home /run/user/4321
    chmod 700 $home /run/user/4321
}

# bundle [OPTION]... SCRIPT: write config.json of the bundle.
bundle() {
    count=$#
    while [ "$count" -gt 1 ]; do
        set -- "$@" "$1"
        shift
        count=$((count - 1))
    done
    script=$1
    shift
    rm -f $home/bundle/config.json
    oci spec --rootless --bundle $home/bundle --rootfs $home/rootfs "$@" \
        sh -c "$script"
}

# once [OPTION]... SCRIPT: run it in a container.
once() {
    bundle "$@" && oci run --bundle $home/bundle box
}

# With all of the user's ids.
wide="--uid-map 0:4321:1 --uid-map 1:1000000:65536
    --gid-map 0:4321:1 --gid-map 1:1000000:65536"

make_user
check root_inside_is_the_user_outside 'root 0 4321 1=0' \
    once 'echo $(whoami) $(cat /proc/self/uid_map)'
once 'touch /tmp/new'
check its_files_are_the_users '4321=0' stat -c %u $home/rootfs/tmp/new
check devices_are_the_hosts 'x=0' once 'echo x >/dev/null && head -c 1 /dev/zero >/dev/null && echo x'
check it_has_a_network_of_its_own 'lo=0' once --net none 'ls /sys/class/net'
check it_has_message_queues 'mqueue=0' \
    once 'awk "\$2 == \"/dev/mqueue\" { print \$3 }" /proc/mounts'
check it_has_clocks_of_its_own '*up 1[0-9] days*=0' once --boottime 864000 uptime
check a_device_cannot_be_made '*not permitted*=1' once 'mknod /dev/x c 1 3'
check another_user_is_not_mapped '*Invalid argument*=1' once 'chown 7 /tmp/new'
check a_limit_is_refused_by_name '*memory*=1' once --memory 64M true

bundle 'exec sleep 1000'
# The container keeps what it is given: not the pipe that check reads.
oci create --bundle $home/bundle box >$work/out 2>&1 </dev/null
check it_is_created '=0' cat $work/out
check its_state_is_in_the_users_directory 'box=0' ls /run/user/4321/ten-steps/oci
check exec_enters_it_before_it_starts 'root=5' oci exec box sh -c 'kill -0 1; whoami; exit 5'
pid=$(oci state box | sed -n 's/.*"pid": \([0-9]*\).*/\1/p')
mkdir $home/second
sed '/"type": "user"/s#$#, "path": "/proc/'$pid'/ns/user"#' \
    $home/bundle/config.json >$home/second/config.json
check a_namespace_of_one_that_waits_is_explained '*start that container first*=1' \
    oci run --bundle $home/second second
check it_starts '=0' oci start box
check its_state_is_told '*"status": "running"*=0' oci state box
check exec_is_root_too 'root /tmp=0' oci exec --cwd /tmp box sh -c 'echo $(whoami) $PWD'
check exec_has_its_status '=7' oci exec box sh -c 'exit 7'
check it_is_listed '*box*running*=0' oci list
check it_is_killed '=0' oci kill box KILL
check it_is_deleted '=0' oci delete --force box
check nothing_of_it_is_left '=0' ls -A /run/user/4321/ten-steps/oci

if command -v newuidmap >/dev/null; then
    check more_ids_by_newuidmap '0 4321 1 1 1000000 65536=0' \
        once $wide 'echo $(cat /proc/self/uid_map)'
    once $wide 'chown 7 /tmp/new'
    check another_user_is_mapped '1000006=0' stat -c %u $home/rootfs/tmp/new
    once $wide 'chown 0 /tmp/new'
    check ids_of_others_are_refused '*newuidmap refused the map*=1' \
        once --uid-map 0:5000000:10 true
else
    verdict skip more_ids_by_newuidmap "newuidmap (package uidmap) is not installed"
fi

# podman, as the same user.
if ! command -v podman >/dev/null || ! command -v newuidmap >/dev/null; then
    verdict skip podman "podman or newuidmap is not installed"
else
    image=localhost/box
    write_containers_conf $home >$home/containers.conf
    tar -C "$ROOTFS" -c . | engine import - $image >/dev/null 2>&1
    podman_once() {
        engine run --rm --network none "$@"
    }
    check podman_runs_it 'root 7=7' podman_once $image sh -c 'echo $(whoami) 7; exit 7'
    check podman_gives_it_ids '0 4321 1 1 1000000 65536=0' \
        podman_once $image sh -c 'echo $(cat /proc/self/uid_map)'
    check podman_gives_it_a_terminal '/dev/pts/0*=0' podman_once -t $image tty
    check podman_names_a_missing_program '*no-such-program*=127' \
        podman_once $image no-such-program
    check podman_makes_another_user 'uid=7*=0' podman_once --user 7:8 $image id
    check podman_shows_a_volume 'x=0' sh -c 'echo x >'$home'/v/file; "$1" --engine run --rm \
        --network none --volume '$home'/v:/v '$image' cat /v/file' sh "$0"
    check podman_starts_it_in_the_background '=0' sh -c '"$1" --engine run -d --name box \
        --network none --volume '$home'/v:/shared '$image' sh -c "$2" >/dev/null &&
        read -r x <'$home/v/ready sh "$0" "$waits"
    check podman_enters_it 'root=4' engine exec box sh -c 'whoami; exit 4'
    check podman_enters_it_on_a_terminal '/dev/pts/*=0' engine exec -t box tty
    check podman_stops_it '9=0' sh -c '"$1" --engine stop box >/dev/null &&
        "$1" --engine wait box' sh "$0"
    check podman_removes_it '=0' sh -c '"$1" --engine rm box >/dev/null &&
        "$1" --engine ps -aq' sh "$0"
    check nothing_is_left '=0' nothing_is_left /run/user/4321/ten-steps/oci
fi

# Root's containers with users of their own.
mkdir -m 700 $work/closed
cp -a "$ROOTFS" $work/closed/rootfs
echo "a closed volume" >$work/closed/file
mkdir $work/bundle $work/closed/rootfs/closed
touch $work/closed/rootfs/file
"$runtime" spec --userns --bundle $work/bundle --rootfs $work/closed/rootfs \
    --mount $work/closed/file:/file --mount $work/closed/rootfs/etc:/closed:ro \
    sh -c 'echo $(cat /proc/self/uid_map); cat /file; ls /closed'
check root_may_have_users_and_closed_directories \
    '0 2000000000 65536*a closed volume*passwd*=0' "$runtime" run --bundle $work/bundle box
check so_without_pivot_root '0 2000000000 65536*a closed volume*passwd*=0' \
    "$runtime" run --no-pivot --bundle $work/bundle box
totals
