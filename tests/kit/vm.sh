#!/usr/bin/env bash
# Is ./kit vm what its help says?  It takes minutes under emulation, so it is
# run on demand only:
#
#   tests/kit/vm.sh      (as root, if there is no image yet; TEN_STEPS_VM as for ./kit vm)
#
# It starts over from an untouched machine, and leaves one.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
. tests/verdict.sh

# verify NAME COMMAND...: a test is a sentence.
verify() {
    local name=$1 wrong=
    shift
    "$@" || wrong=$*
    judge "$name" "$wrong" "$work/out" "$work/err"
}

# vm WORD...: what ./kit vm says and how it ends.
vm() {
    status=0
    ./kit vm "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
}
printed() { [ "$(tr -d '\r' <"$work/out")" = "$1" ] && [ "$status" = "${2-0}" ]; }
complained() { grep -q -- "$1" "$work/err" && [ "$status" != 0 ]; }

vm --reset 'cat proof 2>/dev/null || echo none; echo done >proof; exit 7'
verify a_command_runs_in_the_kit_and_its_status_comes_back printed none 7
verify the_time_to_the_first_shell_is_printed grep -Eq 'ready in [0-9]+ s' "$work/err"
vm 'cat proof; sudo bin/01-uts --hostname box hostname'
verify work_survives_and_the_kit_is_built printed "done
box"
vm --no-such-option
verify an_unknown_option_is_refused complained 'no option'

# Two shells: the second comes while the first waits, and the first one's end
# does not switch the machine off.
mkfifo "$work/line"
# shellcheck disable=SC2016 # expanded there
./kit vm 'echo first; read line; echo $line' <"$work/line" >"$work/first" 2>&1 &
exec 3>"$work/line"
until grep -q first "$work/first"; do sleep 0.2; done
vm 'cat proof; cat /proc/sys/kernel/random/boot_id >boot'
verify a_second_shell_is_in_the_same_machine printed "done"
# shellcheck disable=SC2016
verify it_starts_no_second_machine eval '! grep -q starting "$work/err"'
vm --reset true
verify a_machine_in_use_is_not_reset complained 'in use'
echo still-there >&3
exec 3>&-
wait
verify the_first_shell_was_not_cut_off grep -q still-there "$work/first"

# On a terminal.
script -qec 'stty cols 91 rows 33; ./kit vm "stty size"' /dev/null </dev/null >"$work/out" 2>&1
verify the_window_has_the_same_size grep -q '33 91' "$work/out"
# shellcheck disable=SC2016,SC2094 # expanded by the terminal's shell; what it prints is awaited
{
    until grep -q 'rea.y-for-it' "$work/out"; do sleep 0.2; done
    printf '\003'
} | script -qec './kit vm "echo rea""dy-for-it; sleep 1000"; echo "ended with $?"' /dev/null >"$work/out" 2>&1
verify ctrl_c_ends_the_command_inside grep -q 'ended with 130' "$work/out"

started=$SECONDS
vm --reset 'cat proof'
verify reset_forgets_the_work complained 'No such file'
echo "      (from --reset to a command inside: $((SECONDS - started)) s)"

# Who is root in it reaches nothing of this machine, unless it was asked for.
python3 -c '
import socket, sys
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True)
while True: s.accept()[0].sendall(b"reached\n")' >"$work/port" &
listener=$!
until [ -s "$work/port" ]; do sleep 0.1; done
reach="timeout 5 bash -c 'head -n 1 </dev/tcp/10.0.2.2/$(cat "$work/port")' 2>/dev/null; true"
vm "$reach"
verify it_does_not_reach_this_machines_loopback printed ""
vm --online "$reach"
verify online_it_does printed reached
kill $listener

(umask 000 && vm --export "$work/stick" && exit "$status")
verify an_export_is_written test -s "$work/stick"
verify nobody_else_can_read_the_key_in_it test "$(stat -c %a "$work/stick")" = 600
head -c 1000000 "$work/stick" >"$work/half"
TEN_STEPS_VM=$work/other vm --import "$work/half"
verify half_an_export_is_refused complained 'not all of it'
TEN_STEPS_VM=$work/other vm --import "$work/stick"
TEN_STEPS_VM=$work/other vm 'echo imported; cat /etc/hostname'
verify an_imported_machine_starts printed "imported
debian13"

# A first start that is killed half-way.
export TEN_STEPS_VM=$work/other
vm --remove
vm --import "$work/stick"
machines() { pgrep -fc "qemu-system.*$work/other"; }
setsid ./kit vm true >"$work/out" 2>"$work/err" </dev/null &
until [ -s "$work/other/debian13/first/pid" ]; do sleep 0.2; done
kill -9 -- "-$!"
wait $! 2>/dev/null
vm 'echo and again'
verify after_a_killed_start_the_next_one_works printed 'and again'
verify and_no_machine_runs_on [ "$(machines)" = 0 ]
vm --remove
# shellcheck disable=SC2016 # expanded there
verify nothing_of_it_stays eval '[ -z "$(find $work/other -type f ! -name "*.lock")" ]'

totals
