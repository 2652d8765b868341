#!/bin/sh
# Where an ordinary user's namespaces are restricted, does the kit say what is
# the matter and how to go on?
#
#   tests/kit/restricted.sh      (as an ordinary user who has sudo)
#
# Three ways, each as a distribution has it.  The first needs a profile of
# AppArmor around this process that denies capabilities, which the guest
# "userns-restricted" has (./kit check-vm); the others are sysctls, which are
# put back.
set -u
cd "$(dirname "$0")/../.." || exit 1
out=$(mktemp)
trap 'rm -f "$out"' EXIT
trap 'exit 130' INT TERM HUP
. tests/verdict.sh

# says NAME PATTERN... : the last words hold each, and it did not work.
says() {
    name=$1 wrong=
    shift
    [ "$status" != 0 ] || wrong="it worked"
    for pattern; do
        tr -s '\n ' '  ' <"$out" | grep -Eq -- "$pattern" || wrong="no \"$pattern\""
    done
    judge "$name" "$wrong" "$out"
}

# try COMMAND...
try() {
    "$@" >"$out" 2>&1 </dev/null
    status=$?
}

if grep -q enforce /proc/self/attr/current 2>/dev/null; then
    try unshare --user --map-root-user true
    echo "note: unshare --user --map-root-user true: status $status; $(cat "$out")"
    try bin/07-caps --userns --hostname box true
    says a_namespace_without_power_is_explained "security module" "learner-bash" "hint: .*sudo"
    try ./kit doctor
    says the_doctor_knows_it_too "07 capabilities part .*do: sudo dmesg: AppArmor"
    try sudo sh -c 'bin/07-caps --hostname box hostname; exit 1'
    says root_is_not_restricted "^box"
else
    verdict skip "no profile of AppArmor restricts this user"
fi

# refused SYSCTL VALUE NAME: with it, both say so and name the way out.
refused() {
    if ! before=$(/sbin/sysctl -n "$1" 2>/dev/null) || ! sudo -n true 2>/dev/null; then
        verdict skip "$3" "no $1 here, or no sudo"
        return
    fi
    sudo /sbin/sysctl -q -w "$1=$2"
    try bin/07-caps --userns true
    says "$3" "$1|/proc/sys/$(echo "$1" | tr . /)" "sudo sysctl"
    try ./kit doctor
    says "the_doctor_sees_that_$3" "do: sudo sysctl $1"
    sudo /sbin/sysctl -q -w "$1=$before"
}
refused user.max_user_namespaces 0 no_user_namespaces_at_all
refused kernel.unprivileged_userns_clone 0 user_namespaces_only_for_root

totals
