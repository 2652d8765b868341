#!/bin/sh
# Runs the tests and adds up what they say.
#
#   tests/check.sh DIR [STAGE [PROGRAM]]
#
# DIR has the test programs.  With a STAGE only its tests run, with a PROGRAM
# they judge that program instead of ours: tests/judge.sh.
#
# What is said is kept in DIR/../check.log.  ENGINES=1, in the environment, also
# runs what podman, Docker, containerd and a kubelet do with stage 10.
#
# ONLY, in the environment, is a list of what to run: numbers of stages, of
# which it runs the tests of isolation; names of test programs, which it runs
# whole (test_10_update); and names of sections (see below).  That is what an
# emulated guest has time for.
set -u
ONLY=${ONLY-} ENGINES=${ENGINES-}
# The make that may have called this keeps its jobs to itself, and says so to
# those that tests start.
unset MAKEFLAGS MAKELEVEL MFLAGS
dir=$1 stage=${2-} program=${3-}

# stop STATUS WHAT
stop() {
    echo "make check: $2" >&2
    exit "$1"
}

[ "$(id -u)" = 0 ] || stop 1 "the tests make namespaces: run as root (sudo)"
case $stage in [1-9]) stage=0$stage ;; esac
[ -z "$program" ] || exec tests/judge.sh "$dir" "$stage" "$program"
. tests/tests_of.sh
tests=$(tests_of "$dir" "$stage")
[ -n "$tests$ONLY" ] || stop 2 "there are no tests of stage $stage"

log=$(mktemp)
trap 'rm -f "$log" "$log".*' EXIT
trap 'exit 130' INT TERM HUP
all=$(dirname "$dir")/check.log
: > "$all" || stop 1 "$all cannot be written"

say() {
    printf '%s\n' "$*" | tee -a "$all"
}

# For a guest that is emulated this would be wrong, and it asks for parts.
if [ -z "$ONLY$stage" ]; then
    [ -n "$ENGINES" ] && minutes=8 || minutes=4
    say "This takes about $minutes minutes, and longer where the machine is busy."
fi

# What tests cover with mounts of their own, which must not reach this machine.
covered() {
    awk '{ print $5 }' /proc/self/mountinfo | grep -E '^/(run|mnt|media|tmp|proc|etc|etc/.*|dev/null)$' | sort
}

# count COMMAND...: run it, show its output, keep its totals
count() {
    before=$(covered) began=$(date +%s)
    "$@" | tee "$log.one"
    cat "$log.one" >> "$all"
    # In whole lines only: the next title is looked for at the beginning of one.
    tail -n 1 "$log.one" | grep -E '^[0-9]+ passed, [0-9]+ failed' >> "$log" ||
        wrong "$1 ended without its totals"
    [ "$before" = "$(covered)" ] || wrong "$1 left a mount on this machine"
    echo "-- $(($(date +%s) - began)) s" >> "$all"
}

# wrong WHAT: seen from here, by no test.
wrong() {
    echo "0 passed, 1 failed, 0 skipped ($1)" >> "$log"
    say "FAIL  $1"
}

# wanted WORD
wanted() {
    [ -z "$ONLY" ] || case " $ONLY " in *" $1 "*) ;; *) return 1 ;; esac
}

# section WORD TITLE COMMAND...: if it is wanted.
section() {
    wanted "$1" || return 0
    say "
== $2"
    shift 2
    count "$@"
}

for test in $tests; do
    name=$(basename "$test")
    number=${name#test_}
    if wanted "$name"; then
        section "$name" "$name" "$test"
    else
        section "${number%%_*}" "$name" "$test" isolation
    fi
done
section ladder "the ladder: each test of isolation against the stage before" \
    tests/ladder.sh "$dir" "$stage"
# Engines and bundles, on a host each.  What hangs is ended: after PATIENCE
# seconds, of which an emulated machine needs more.
limited() {
    timeout --foreground "${PATIENCE:-900}" "$@"
}
if [ "${stage:-10}" = 10 ] && [ -x "$BIN/10-full-container" ]; then
    engines="podman docker containerd cri"
    [ -n "$ENGINES$ONLY" ] || engines=
    for each in $engines; do
        section "$each" "stage 10 as the runtime of $each" \
            limited "$dir/oci/on_host" "tests/oci/$each.sh"
    done
    section bundles "the example bundles" limited "$dir/oci/on_host" tests/oci/bundles.sh
    [ -z "$ENGINES$ONLY" ] || section explain "the stories of runc, crun and podman" \
        limited "$dir/oci/on_host" tests/explain/engines.sh
    [ -z "$ENGINES$ONLY" ] || section explained "the stages, judged while they are explained" \
        tests/explain/stages.sh "$dir"
    [ -z "$ENGINES$ONLY" ] || section stories "the stories, told anew" tests/explain/stories.sh
    section systemd "systemd's cgroup manager" limited tests/oci/systemd.sh
    section rootless "containers of an ordinary user" \
        limited "$dir/oci/on_host" tests/oci/rootless.sh
fi
if [ -z "$stage" ]; then
    section faulty "wrong tests, which have to fail" "$dir/faulty/tests" --faulty
    [ ! -x "$dir/faults/inject" ] || section injector \
        "the injector of faults, on a faulty program" "$dir/faults/inject" --faulty
    # Whole where there is time, in CI.
    [ -n "$ENGINES" ] && part= || part=core
    section programs "our programs and the solutions, judged as anybody's are" \
        tests/kit/programs.sh "$dir" ${part:+"$part"}
    [ -z "$ENGINES" ] || section wrong "wrong programs, which the lesson has to refuse" \
        tests/wrong/run.sh "$dir"
    section start "the starting points of make start" tests/kit/start.sh "$dir"
    section attacks "the attacks" tests/attacks/run.sh "$BIN" "$dir/attacks"
    section machine "attacks on the machine itself" tests/attacks/machine.sh "$BIN" "$dir/attacks"
    section runtimes "the attacks on OCI runtimes" tests/attacks/oci/run.sh "$BIN" "$dir/attacks"
    section kit "the kit's words" tests/kit/kit.sh
    [ ! -x "$BIN/10-full-container" ] || section install "what make install puts on a machine" \
        limited "$dir/oci/on_host" tests/kit/install.sh "$(dirname "$dir")"
    section workshop "many programs, and what is told of one" tests/kit/workshop.sh "$dir"
    section languages "other languages" tests/kit/languages.sh
    section surroundings "what is around the stages" tests/kit/surroundings.sh "$BIN" "$ROOTFS"
    section doctor "the doctor" tests/kit/doctor.sh
    [ -z "$ONLY" ] || section doctor-here "the doctor of this machine" tests/kit/doctor.sh here
    section help "the examples of --help" tests/kit/help_examples.sh "$BIN" "$ROOTFS"
    section tutorial "the commands of the tutorial" tests/tutorial/tutorial.sh
    # Its editions in other languages have the same commands; typed, too, in CI.
    [ -n "$ENGINES" ] && part= || part=--same
    for text in TUTORIAL.*.md; do
        [ ! -f "$text" ] || section tutorial-translated "the commands of $text" \
            tests/tutorial/tutorial.sh ${part:+"$part"} "$text"
    done
fi

# The lines of what failed, below the title of its section.
failures() {
    awk '/^== / { title = $0 }
         /^FAIL/ || / (HOLE|FAIL) / || /: expected .*, was / {
            if (title != "") print title
            title = ""
            print
         }' "$all" | cut -c 1-200
}

# Debian's packages, of what a skip said is not installed.
not_installed() {
    sed -n 's/^skip.*: \(.*\) \(is\|are\) not installed.*/\1/p' "$all" |
        sed 's/(package \([^)]*\))/ \1/; s/ or \| and \|,/ /g' | tr -s ' ' '\n' |
        sed 's/^newuidmap$/uidmap/; s/^dockerd$/docker.io/' | sort -u | tr '\n' ' '
}

echo
if ! awk '$3 > 0 { exit 1 }' "$log"; then
    echo "== does this machine explain a failure?"
    tools/doctor.sh --trouble
    printf '\nThis failed:\n'
    failures
    echo
fi
packages=$(not_installed)
[ -z "$packages" ] ||
    echo "To run what was skipped, as far as packages go: apt install ${packages% }"
[ -n "$ENGINES$ONLY" ] || [ "${stage:-10}" != 10 ] ||
    echo "With podman, Docker, containerd and a kubelet, too: sudo ./kit check ENGINES=1${stage:+ STAGE=10}"
echo "All that was said is in $all."
echo
awk '{ p += $1; f += $3; s += $5 }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$log"
