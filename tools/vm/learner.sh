#!/usr/bin/env bash
# A machine to follow the tutorial in, which may break:
#
#   ./kit vm                  start it if it does not run, and a shell in it
#   ./kit vm COMMAND          run a command in it
#   ./kit vm --online         with a way out to the internet, and to this machine
#   ./kit vm --reset          throw away all that was done in it; start anew
#   ./kit vm --export FILE    write it into a file, for other machines
#   ./kit vm --import FILE    ... and read it there, without a network
#   ./kit vm --rebuild        make its image anew
#   ./kit vm --remove         delete machine and image
#
# What is done in it stays until --reset.  A second ./kit vm is a second shell
# in the same machine; when the last one ends, it is switched off.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/vm/lib.sh
. tools/vm/accel.sh
. tools/vm/machine.sh
. tools/vm/push.sh
. tools/vm/carry.sh
dir=$vm_home/learner

learner_boot() {
    machine_boot "$1"
    machine_wait "$1" 600 || { machine_stop "$1"; fail "it did not start" "./kit vm --reset"; }
}

# learner_ready STAMP: a machine with this kit in it, kept for all that follow.
learner_ready() {
    say "the kit is copied into it; that moment is kept, and what starts from it is there in seconds"
    machine_making
    machine_new "$making"
    learner_boot "$making"
    { push_kit . "$making" learner && push_build "$making" learner; } ||
        fail "the kit could not be copied into it, or not built there" "its words are above; then ./kit vm again"
    machine_keep ready "$1" || fail "it could not be kept" "is the disk full?  df -h $vm_home"
}

# Nothing runs on; what is half made, machine_unmake removes at the end.
# shellcheck disable=SC2317 # a trap calls it
learner_interrupted() {
    machine_stop "$dir"
    exit 130
}

# All who use the machine hold a lock that they share.  Who starts, resets or
# stops it holds it alone.
learner_start() {
    local began=$SECONDS kit
    say "starting${accel_why:+; emulated, so slowly: $accel_why}"
    if [ ! -e "$dir/disk.qcow2" ]; then
        kit=$(push_stamp .)
        machine_kept ready "$kit" || learner_ready "$kit"
        machine_new "$dir" ready "$kit"
    fi
    learner_boot "$dir"
    vm_give_back
    say "ready in $((SECONDS - began)) s; its disk has grown by $(vm_size "$dir/disk.qcow2") over its image's $(vm_size "$image/disk.img")"
}

learner_shell() {
    local status=0
    if [ $# -gt 0 ]; then
        # What Ctrl-C kills is the command, whose status the shell then tells: 130.
        set -- "trap : INT; (cd ten-steps && $*); exit \$?"
    else
        [ -e "$dir/online" ] || say "it has no way out to a network: ./kit vm --online has"
        say "the kit is in ten-steps; \"exit\" leaves, and what you did stays (./kit vm --reset)"
    fi
    if [ -t 0 ]; then
        machine_ssh "$dir" learner -t "$@" || status=$?
    else
        machine_ssh "$dir" learner "$@" || status=$?
    fi
    return $status
}

learner() {
    local status=0
    exec 8>"$vm_home/learner.lock"
    if flock -n 8; then
        [ -z "${VM_ONLINE-}" ] || [ -e "$dir/online" ] || machine_stop "$dir"
        machine_runs "$dir" || learner_start
    fi
    [ -z "${VM_ONLINE-}" ] || [ -e "$dir/online" ] ||
        fail "--online: the machine is in use, without" "leave its shells first"
    trap - INT TERM
    flock -s 8
    learner_shell "$@" || status=$?
    if flock -n 8; then
        say "switching it off"
        machine_stop "$dir"
        vm_give_back
    fi
    exit $status
}

# alone WHAT: nobody uses the machine, and nobody starts it meanwhile.
alone() {
    mkdir -p "$vm_home"
    exec 8>"$vm_home/learner.lock"
    flock -n 8 || fail "$1: the machine is in use" "leave its shells first"
    machine_stop "$dir"
}

# alone_with_image WHAT: nor does anybody make something of its image.
alone_with_image() {
    alone "$1"
    image=$vm_home/debian13
    [ -d "$image" ] || return 0
    machine_making
    machine_unmake
}

learner_image() {
    tools/vm/image.sh debian13 "$@"
    machine_plan debian13
    trap machine_unmake EXIT
    trap learner_interrupted INT TERM
    machine_save || fail "the image does not start" "./kit vm --rebuild"
    vm_give_back
}

if [ "${1-}" = --online ]; then
    export VM_ONLINE=1
    shift
fi
case ${1-} in
--help | -h)
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d'
    exit
    ;;
--reset)
    alone --reset
    rm -rf "$dir"
    shift
    ;;
--remove)
    alone_with_image --remove
    rm -rf "$dir" "$vm_home/debian13"
    exit
    ;;
--rebuild)
    alone_with_image --rebuild
    exec 7>&-
    learner_image --rebuild
    rm -rf "$dir"
    exit
    ;;
--export)
    image=$vm_home/debian13
    carry_export "${2:?--export FILE}"
    exit
    ;;
--import)
    alone_with_image --import
    carry_import "${2:?--import FILE}"
    rm -rf "$dir"
    exit
    ;;
--*) fail "$1 is no option" "./kit vm --help" ;;
esac
learner_image
learner "$@"
