#!/bin/sh
# make stories: what is told anew stands in the texts of all languages, and what
# could not be told leaves them as they are.
#
#   tests/explain/stories.sh
#
# On a copy, with stories of its own and a sudo that asks for a password.
# shellcheck disable=SC2016 # Markdown
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0
command -v python3 > /dev/null || {
    echo "skip  stories all: python3 is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit
}
mkdir -p "$work/tools/explain" "$work/docs" "$work/bin"
cp tools/explain/stories.py "$work/tools/explain"
cd "$work" || exit 1
printf '#!/bin/sh\n[ "$1" != tee ] || exec cat\necho "sudo: a password is required" >&2\nexit 1\n' > bin/sudo
chmod +x bin/sudo
PATH=$work/bin:$PATH

# story NAME COMMAND...: a block, which says what was printed long ago
story() {
    printf '<!-- story: %s -->\n```console\n' "$1"
    shift
    printf '$ %s\nlong ago\n' "$@"
    printf '```\n\n'
}

{
    story told 'echo told' 'echo box 4321 of; echo box 4322 in; echo box 4321 out'
    story refused 'sudo true'
    story cut 'echo a beginning; kill -9 $$' 'echo an end'
    story missing 'no-such-program'
} > docs/EXPLAIN.md
{ echo 글 && cat docs/EXPLAIN.md; } > docs/EXPLAIN.ko.md
cp -R docs before

# report NAME STATUS: 0 is a pass
report() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
        echo "pass  stories $1"
    else
        failed=$((failed + 1))
        echo "FAIL  stories $1"
        sed 's/^/      /' said
    fi
}

# says NAME PATTERN FILE
says() {
    grep -Eq -- "$2" "$3"
    report "$1" $?
}

tools/explain/stories.py tell > told 2> said
report stories_are_told $?
says it_is_said_which_one_was_refused '^refused: not told: sudo: a password is required$' said
says it_is_said_which_one_was_cut_off '^cut: not told: .*the end' said
says it_is_said_what_is_missing '^missing: not told: .*no-such-program' said

# As an editor of the text would have a full disk.
(ulimit -f 0; tools/explain/stories.py write < told) > said 2>&1
diff -r -x '*.new' before docs >> said
report after_a_full_disk_the_texts_are_as_before $?

tools/explain/stories.py write < told > said 2>&1
report they_are_written $?
for each in docs/EXPLAIN.md docs/EXPLAIN.ko.md; do
    diff "before/${each#docs/}" $each > said
    [ "$(grep '^[<>]' said)" = "< long ago
> told
< long ago
> box 1001 of
> box 1002 in
> box 1001 out" ]
    report "what_was_told_and_no_more_is_new_in_$(basename $each)" $?
done

echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
