#!/bin/sh
# Do ./kit and make understand what is typed, and say what is wrong?
#
#   tests/kit/kit.sh      (as root)
#
# All of it happens to copies of the clone, on mounts of this script's own.
# shellcheck disable=SC2016 # scripts for another shell
set -u
cd "$(dirname "$0")/../.." || exit 1
kit=$PWD
if [ -z "${KIT_HOST-}" ]; then
    export KIT_HOST=1
    exec unshare --mount --propagation private "$kit/tests/kit/kit.sh"
fi
# Not under /run: an ordinary user has to come by.
mount -t tmpfs -o mode=755 tmpfs /mnt
work=/mnt/kit
out=/mnt/out
mkdir $work
for each in kit Makefile stage.mk mk tools habits [01][0-9]-* tests; do
    cp -R "$each" $work
done
cd $work || exit 1
# What the tests are told is about the clone, which make clean must not reach.
unset MAKEFLAGS MAKELEVEL MFLAGS STAGE ONLY PROGRAM ENGINES BIN BUILD ROOTFS ATTACKS TAP JUNIT
subject=kit
. tests/verdict.sh

# run COMMAND...: nothing is installed: there is no package manager.
run() {
    "$@" >$out 2>&1 </dev/null
    status=$?
}

# verify NAME STATUS [PATTERN]...: what ran last ended so, and said each.
verify() {
    name=$1 wrong=
    [ "$status" = "$2" ] || wrong="exit status $status, not $2"
    shift 2
    for pattern; do
        tr -s '\n ' '  ' <$out | grep -Eq -- "$pattern" || wrong="not said: $pattern"
    done
    judge "$name" "$wrong" $out
}

# Nothing was built, and nothing was said.
untouched() { [ ! -e bin ] && [ ! -e build ]; }
quiet() { [ "$status" = 0 ] && [ ! -s $out ]; }

# ---- Words ----

wrong=
for each in demo check grade progress clean ladder attacks bench lint lint-shell figures flat doctor check-vm vm; do
    run ./kit $each --help
    if [ $status != 0 ] || [ ! -s $out ] || ! untouched; then wrong="$wrong $each"; fi
done
echo "not so:$wrong" >$out
[ -z "$wrong" ]
status=$?
verify every_word_helps_and_does_nothing_else 0

run env LANGUAGE=ko:en ./kit start STAGE=01 DIR=mine
verify readers_languages_are_not_the_programs 0 'mine is ready'
rm -rf mine
run ./kit chek
verify an_unknown_word_is_refused 2 'no "chek" hint: ./kit help'
run ./kit demo now
verify a_second_word_is_refused 2 'demo knows no "now"'
run ./kit check STAGE=11
verify a_stage_that_is_none_is_refused 2 'no stage "11" hint: they are 01 to 10'
run ./kit check STAGE=01 PROGRAM=mine/none
verify a_program_that_is_not_there_is_named 2 'there is no /mnt/kit/mine/none'
run ./kit check STAGE=01 PROGRAM=Makefile
verify a_file_that_is_no_program_is_refused 2 'Makefile is not a program'
run ./kit check PROGRAM=tests/judge.sh
verify a_program_without_its_stage_is_refused 2 'of which stage'
run ./kit check --tap
verify a_report_needs_its_file 2 '--tap needs a FILE'
run ./kit check STAGE=01 --junit /mnt/report.xml
verify a_report_is_about_one_program 2 'one program was judged hint: .*PROGRAM='
run ./kit check STAGE=01 PROGRAM=tests/judge.sh --tap=/mnt/none/report
verify a_report_needs_its_directory 2 'no directory /mnt/none'
run ./kit grade STAGE=01 tests 'no such' none
verify every_path_to_grade_is_looked_at_first 2 'no no such' 'no none'
run ./kit grade tests
verify grade_needs_a_stage 2 'grade needs the stage'
run ./kit grade STAGE=01 --tap x
verify grade_refuses_what_it_does_not_know 2 'grade knows no "--tap"'
untouched
status=$?
verify and_nothing_was_done 0

ln -s $work/kit /mnt/link
run sh -c 'cd / && /mnt/link help'
verify it_works_through_a_symbolic_link 0 'sudo ./kit demo' 'make TARGET.* demo .* check .* all '
run make help
verify help_begins_with_what_a_newcomer_wants 0 'missing: demo .* check .* check STAGE=05'

run make -n check STAGE=1
verify stage_1_is_not_10 0 'check.sh "build/tests" "01"'
run make -n check STAGE=5
verify stage_5_is_05 0 '"05"'
run make flat STAGE=12
verify no_stage_is_a_sentence 2 'no stage 12: they are 01 to 10'

# ---- What is missing ----

run setpriv --reuid 65534 --regid 65534 --clear-groups make check
verify make_check_as_a_user_says_so_first 2 'takes root: sudo ./kit check'
untouched
status=$?
verify before_it_compiles 0

cat >/mnt/cc <<'END'
#!/bin/sh
! grep capability
END
chmod +x /mnt/cc
run make CC=/mnt/cc HAVE_OCI=
verify no_libcap_is_a_sentence 2 'sys/capability.h is missing .*libcap-dev' 'hint: sudo ./kit demo'
[ "$(wc -l <$out)" -lt 6 ]
status=$?
verify and_no_page_of_a_compiler 0
run make CC=/no/such/cc
verify no_compiler_is_a_sentence 2 'no compiler'

run unshare --mount sh -c 'mount --bind /mnt/kit /mnt/kit; mount -o remount,bind,ro /mnt/kit
    cd /mnt/kit; make 01-uts'
verify a_read_only_clone_is_named 2 'nothing can be written to /mnt/kit hint: read-only'
run unshare --mount sh -c 'mount --bind /mnt/kit /mnt/kit; mount -o remount,bind,noexec /mnt/kit
    cd /mnt/kit; make 01-uts'
verify make_names_a_noexec_clone 2 'no program can be run from /mnt/kit: it is mounted noexec'
run unshare --mount sh -c 'mount --bind /mnt/kit /mnt/kit; mount -o remount,bind,noexec /mnt/kit
    cd /mnt/kit; sh kit demo'
verify kit_names_a_noexec_clone 1 'mounted noexec hint: clone'

mkdir /mnt/few
for each in sh sed awk; do ln -s "$(command -v $each)" /mnt/few; done
run env PATH=/mnt/few tests/lint/figures.sh kit
verify figures_without_ctags_fail 1 'ctags is missing' 'hint: ./kit figures'

run make lint-format CLANG_FORMAT=clang-format-none
verify lint_says_what_it_went_without 0 'lint-format: not checked: clang-format-none is not here'

# ---- What starts the tests, and ends them ----

# A program of tests that is a script: check.sh takes it for one of stage 01's.
# Beside it is one that an older clone has left.
mkdir -p /mnt/fake/tests/01-uts
printf '#!/bin/sh\necho "0 passed, 1 failed, 0 skipped"\n' >/mnt/fake/tests/test_01
cat >/mnt/fake/tests/01-uts/test_01 <<'END'
#!/bin/sh
echo 'all:; @echo built' | make -s -f - >/mnt/fake/said 2>&1
echo "1 passed, 0 failed, 0 skipped"
[ ! -e /mnt/fake/interrupt ] || kill -INT $PPID
END
chmod +x /mnt/fake/tests/test_01 /mnt/fake/tests/01-uts/test_01
run env BIN=/mnt/none ROOTFS=/mnt/none ONLY=test_01 MAKEFLAGS=' -j2 --jobserver-auth=98,99' MAKELEVEL=1 tests/check.sh /mnt/fake/tests
verify a_parallel_make_starts_the_tests 0 '1 passed, 0 failed'
[ "$(cat /mnt/fake/said)" = built ]
status=$?
verify and_is_not_known_to_the_makes_of_the_tests 0
mkdir /mnt/fake/tmp
touch /mnt/fake/interrupt
run env BIN=/mnt/none ROOTFS=/mnt/none ONLY=test_01 TMPDIR=/mnt/fake/tmp timeout 60 tests/check.sh /mnt/fake/tests
verify a_check_that_is_interrupted_says_so_by_its_status 130
[ -z "$(ls /mnt/fake/tmp)" ]
status=$?
verify and_leaves_no_files 0

# By its first word this make knows whether it builds, or does root's part.
mkdir -p /mnt/make build
cat >/mnt/make/make <<'END'
#!/bin/sh
case " $* " in *" SHOW=1 "*) exit 0 ;; esac
touch build/of_root
kill -INT $PPID
END
chmod +x /mnt/make/make
chown -R 65534:65534 .
# In the background of a script these tests have inherited that SIGINT is ignored.
run env --default-signal=INT PATH=/mnt/make:"$PATH" ./kit clean
ls -ln build >>$out
verify who_interrupts_roots_part_keeps_his_clone 130 ' 65534 65534 .* of_root'
chown -R 0:0 .
rm -r build

# Another one builds: it holds the lock until it reads a line.
mkfifo /mnt/go
flock -o . head -n 1 /mnt/go >/mnt/went &
exec 4>/mnt/go
PATH=/mnt/make:$PATH ./kit 01-uts >$out 2>&1 </dev/null &
tail -f --pid=$! $out 2>/dev/null | grep -q -m 1 'waits for another'
ls build >>$out 2>&1
echo go >&4
wait $! && status=0 || status=$?
exec 4>&-
[ "$(cat /mnt/went)" = go ] || status=1
verify one_build_waits_for_another 0 'kit: waits for another ./kit that builds here ls: cannot access'

# As flock(1) ends where the file system has none.
mkdir /mnt/unlocked
printf '#!/bin/sh\necho "flock: .: Function not implemented" >&2\nexit 65\n' >/mnt/unlocked/flock
chmod +x /mnt/unlocked/flock
run env PATH=/mnt/unlocked:/mnt/make:"$PATH" ./kit 01-uts
quiet
status=$?
verify without_locks_it_builds_all_the_same 0

run env -u ON_HOST -u work BIN=/mnt/none ROOTFS=/mnt/none tests/oci/bundles.sh
verify tests_of_engines_touch_no_machine_but_their_own 2 'needs a host of its own: build/tests/oci/on_host tests/oci/bundles.sh'
# Process 1 has these mounts, too: so they are a machine's.
run env -u ON_HOST work=/mnt/none BIN=/mnt/none ROOTFS=/mnt/none unshare --pid --fork --mount-proc tests/oci/cri.sh
verify not_by_a_directory_of_ones_own_either 2 'needs a host of its own: build/tests/oci/on_host tests/oci/cri.sh'

# ---- What make prints, and removes ----

run make -s 01-uts
quiet
status=$?
verify make_s_is_silent 0
run make 01-uts V=
touch build/02-pid.o build/modules
mkdir -p build/02-pid
run make -C 01-uts clean
[ -d build/02-pid ] && [ -e build/modules ] && [ ! -e bin/01-uts ] && [ ! -e build/01-uts ]
status=$?
verify clean_in_a_stages_directory_cleans_that_stage 0
mkdir -p exercises/01-uts && echo 'A hint.' >exercises/01-uts/hints.txt
run make build/10-full-container/version.inc
mount --bind /mnt/kit /mnt/kit && mount -o remount,bind,ro /mnt/kit
run sh -c 'cd /mnt/kit && make build/10-full-container/version.inc'
verify a_clone_that_was_built_may_be_read_only 0
run sh -c 'cd /mnt/kit && ./kit hint 01'
verify and_has_the_first_hint_and_why_no_other 1 'A hint. .*kit: build/hints/01 cannot be written: the next hint'
umount /mnt/kit
rm -r exercises
run make clean
untouched
status=$?
verify clean_at_the_top_cleans_all 0

for each in 'flat STAGE=04' 'diff STAGE=04' help; do
    run sh -c "{ make $each; echo \$? >&2; } | head -n 1 >/dev/null"
    [ "$(cat $out)" = 0 ]
    status=$?
    verify "make_${each%% *}_may_be_read_in_part" 0
done

totals
