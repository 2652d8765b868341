#!/bin/sh
# What is told of somebody's program: for who teaches, and for other programs.
#
#   tests/kit/workshop.sh DIR      (as root)
#
# DIR has the test programs; BIN, ROOTFS and ATTACKS are in the environment.
# shellcheck disable=SC2016 # scripts for another shell
set -u
tests=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
unset PROGRAM TAP JUNIT
export LOG="$work/log" JUDGED="$work/judged" GRADED="$work/graded" CALLER="$work"
subject=workshop said=$work/why
. tests/verdict.sh

# Not one of them isolates anything: what is said of the failure is theirs.
mine="$work/anna's <\"\$HOME\"> & co"
mkdir "$mine"
cat > "$mine/01 uts" << 'EOF'
#!/bin/sh
printf 'not UTF-8: \377, a bell: \007, & <b>"]]>\\\n' >&2
case $1 in -*) shift 2 ;; esac
exec "$@"
EOF
chmod +x "$mine/01 uts"

# ---- TAP, JUnit ----

TAP="anna.tap" JUNIT="$work/anna.xml" tests/judge.sh "$tests" 1 "$mine/01 uts" > "$work/said" 2>&1
status=$?
verify a_lesson_that_is_not_passed_is_status_1 [ $status = 1 ]
failures=$(sed '/^== the attacks/q' "$work/said" | grep -c '^FAIL')
verify tap_has_a_line_for_each_test \
    [ "$(grep -cE '^(not )?ok ' "$work/anna.tap")" = "$(sed -n 's/^1\.\.//p' "$work/anna.tap")" ]
verify tap_has_the_same_failures [ "$(grep -c '^not ok ' "$work/anna.tap")" = "$failures" ]
verify tap_tells_the_lesson_from_the_rest \
    grep -q '^not ok 1 - the lesson: the container has its own hostname$' "$work/anna.tap"
verify what_is_not_judged_is_a_skip_of_tap grep -q '^ok .* # SKIP not judged: ' "$work/anna.tap"
if command -v prove > /dev/null; then
    prove -e cat "$work/anna.tap" > "$work/prove" 2>&1
    verify prove_reads_it grep -q "^Failed $failures/" "$work/prove"
    verify prove_finds_no_mistake_in_it sh -c '! grep "Parse errors" "$1"' sh "$work/prove"
else
    verdict skip prove_reads_it "prove is not installed"
fi
if command -v python3 > /dev/null; then
    cat > "$work/read.py" << 'EOF'
import sys
import xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
cases = root.findall("testsuite/testcase")
failures = root.findall("testsuite/testcase/failure")
assert root.get("tests") == str(len(cases)), root.attrib
assert root.get("failures") == str(len(failures)) == sys.argv[2], root.attrib
assert {p.get("value") for p in root.iter("property")} == {sys.argv[3]}
assert any(f.text.find('& <b>"]]>\\') >= 0 for f in failures), [f.text for f in failures]
assert sum(float(s.get("time")) for s in root) > 0
EOF
    verify junit_is_xml_whatever_a_program_prints \
        python3 "$work/read.py" "$work/anna.xml" "$failures" "$mine/01 uts"
else
    verdict skip junit_is_xml_whatever_a_program_prints "python3 is not installed"
fi

# ---- Many ----

# told PATTERN: a line of the table
told() { grep -q -- "$1" "$work/table" || ! cat "$work/table"; }

mkdir -p "$work/in/ben" "$work/in/carl/01" "$work/in/dora" "$work/in/emil b/01"
cat > "$work/in/carl/01/messy" << 'EOF'
#!/bin/sh
# All of it is a mess, and ends everybody that it can reach.
touch /run/mess /tmp/mess /var/tmp/mess
hostname mess
mount -t tmpfs mess /mnt
for tree in /sys/fs/cgroup /sys/fs/cgroup/pids; do
    [ ! -e $tree/cgroup.procs ] || mkdir $tree/mess
done
ip link add mess type dummy
sleep 1000 &
kill -9 -1
EOF
chmod +x "$work/in/carl/01/messy"
cp "$BIN/01-uts" "$work/in/emil b/01/01-uts"
cp "$BIN/01-uts" "$work/in/dora/one"
cp "$BIN/01-uts" "$work/in/dora/two"
mkdir "$work/in/김민수"
tests/grade.sh "$tests" STAGE=1 in/ben in/carl in/dora "in/emil b" in/김민수 > "$work/table" 2>&1
status=$?
verify one_row_for_each_and_what_fails_first told '^in/carl  *0 of 10 .* fails: the container has its own hostname$'
verify a_mess_of_one_fails_nobody_else told '^in/emil b  *10 of 10  '
left=$(find /run/mess /tmp/mess /var/tmp/mess /sys/class/net/mess /sys/fs/cgroup -name mess 2> /dev/null)
verify and_nothing_of_it_is_on_the_machine [ "$left$(hostname | grep -x mess)" = "" ]
verify a_letter_of_korean_is_two_columns_wide told '^in/김민수  -  '
verify who_handed_in_nothing_fails_nobody_else told '^in/ben .* no program'
verify two_programs_are_asked_about told '^in/dora .* more than one: name it$'
verify grade_is_1_if_somebody_fails [ $status = 1 ]
verify what_was_said_of_each_is_kept grep -q '^== .*/in/emil b/01/01-uts as stage 01' "$work/graded/01/04-in_emil_b.log"
tests/grade.sh --look 01 in/ben in/none "in/no body" > "$work/table" 2>&1
verify every_wrong_path_is_named told 'no in/none$'
verify the_last_one_too told 'no in/no body$'
cp "$work"/graded/01/04-*.log "$work/kept"
BUDGET=0 tests/grade.sh "$tests" 01 "in/emil b" > "$work/table" 2>&1
verify who_takes_too_long_is_not_tried_any_more grep -q 'not tried: ' "$work"/graded/01/01-*.log
verify attacks_are_tried_on_it_too grep -q '^attacks stopped: 1 of 1$' "$work/kept"

# ---- A bundle is a directory ----

mkdir "$work/in/fay" "$work/in/gina"
if [ -x "$BIN/10-full-container" ]; then
    sh exercises/10-full-container/solution.sh "$work/in/fay/bundle" "$ROOTFS"
    sh exercises/10-full-container/solution.sh "$work/in/gina/10" "$ROOTFS"
    sed -i 's/"shop"/"box"/' "$work/in/gina/10/config.json"
    tests/grade.sh "$tests" 10 in/ben in/fay in/gina > "$work/table" 2>&1
    verify a_bundle_is_found_in_its_directory told '^in/fay  *[0-9]* of [0-9]* .*[0-9]$'
    verify a_bundle_that_is_wrong_is_refused told '^in/gina .* fails: it is called shop$'
    verify who_has_no_bundle_is_told told '^in/ben .* no program'
    # Names that are options or commands elsewhere, and a trap for what the judge puts in.
    hostile="in/ida, a:b/bundle" root='deep/my root$(id)' trap=/dev/shm/written-by-the-judge
    mkdir -p "$work/$hostile/deep"
    cp -a "$work/in/fay/bundle/rootfs" "$work/$hostile/$root"
    ln -s $trap "$work/$hostile/$root/busybox-of-the-judge"
    sed "s,\"rootfs\",\"$root\"," "$work/in/fay/bundle/config.json" > "$work/$hostile/config.json"
    tests/grade.sh "$tests" 10 "$hostile" > "$work/table" 2>&1
    verify names_in_a_bundle_are_only_names told '^1 of 1 pass the lesson'
    verify no_link_in_a_bundle_is_followed [ ! -e $trap ]
else
    verdict skip a_bundle_is_found_in_its_directory "stage 10 is not built"
fi
tests/judge.sh --look 10 "$work/in/ben" > "$work/table" 2>&1
verify a_directory_without_config_json_is_no_bundle told 'in/ben has no config.json'
tests/judge.sh --look 05 "$work/in/fay" > "$work/table" 2>&1
verify and_of_another_stage_it_has_no_program told 'in/fay is a directory with no program, .*is it built.*PROGRAM=.*/05-cgroups$'
tests/judge.sh --look 01 "$work/in/dora" > "$work/table" 2>&1
verify two_programs_are_too_many told 'in/dora is a directory .* more than one: .*PROGRAM=.*/01-uts$'
tests/judge.sh --look 01 "$work/in/emil b/01"
status=$?
verify a_program_is_found_in_its_directory [ $status = 0 ]
mkdir "$work/in/hana hana"
cp "$BIN/02-pid" "$work/in/hana hana"
touch "$work/in/hana hana/main.c"
tests/judge.sh --look 02 "$work/in/hana hana" > "$work/table" 2>&1
verify also_beside_its_source [ ! -s "$work/table" ]

# ---- Progress ----

# progress: of the clone's programs, as the clone's owner, whose home may be
# closed to others; also if that is root, with no power
progress() {
    MINE="$work/mine" setpriv --reuid "$(stat -c %u .)" --regid "$(stat -c %g .)" --clear-groups \
        --inh-caps=-all --ambient-caps=-all --bounding-set=-all tools/progress.sh > "$work/table" 2>&1
}

chmod -R a+rX "$work"
mkdir -p "$work/mine/02"
progress
verify progress_needs_no_root [ $? = 0 ]
verify it_draws_how_much_of_a_lesson_is_passed \
    told "^01  ###\\.\\{9\\}  3 of 10  *[0-9]* of [0-9]*  *0 of 1  .*/01 uts$"
verify it_shows_what_is_written_and_not_judged told '^02 .*mine/02 (not judged yet)$'
verify and_what_is_not_begun told '^03 .*(not begun)$'
verify it_counts_the_lessons told '^Lessons passed: 0 of 10'
touch -d '1 hour' "$mine/01 uts"
progress
verify a_program_that_was_changed_is_marked told '/01 uts (changed since)$'
JUDGED="$work/judged" tests/judge.sh "$tests" 01 "$work/in/emil b/01/01-uts" > /dev/null 2>&1
progress
verify a_lesson_counts_once_it_is_passed told '^Lessons passed: 1 of 10'

totals
