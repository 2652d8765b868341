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
unset PROGRAM TAP JUNIT
export LOG="$work/log" JUDGED="$work/judged" CALLER="$work"
passed=0 failed=0 skipped=0

# verify NAME CONDITION...: a command that has to succeed
verify() {
    name=$1
    shift
    if "$@" > "$work/why" 2>&1; then
        passed=$((passed + 1))
        echo "pass  workshop $name"
    else
        failed=$((failed + 1))
        echo "FAIL  workshop $name: $*"
        head -n 20 "$work/why" | sed 's/^/      /'
    fi
}

# skip NAME WHY
skip() {
    skipped=$((skipped + 1))
    echo "skip  workshop $1: $2"
}

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
failures=$(grep -c '^FAIL' "$work/said")
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
    skip prove_reads_it "prove is not installed"
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
    skip junit_is_xml_whatever_a_program_prints "python3 is not installed"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
