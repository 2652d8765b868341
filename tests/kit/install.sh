#!/bin/bash
# Is what make install puts somewhere whole, does it work without this clone, and
# does make uninstall take all of it away, and nothing else?
#
#   build/tests/oci/on_host tests/kit/install.sh BUILD      (as root, after make installed)
#
# All of it happens to a copy of the clone, on a host of this script's own.
# shellcheck disable=SC2016,SC2153 # scripts for another shell; ROOTFS is given
set -u
cd "$(dirname "$0")/../.." || exit 1
clone=$PWD build=$1 rootfs=$ROOTFS
copy=/tmp/copy to="/tmp/in stalled"
unset MAKEFLAGS MAKELEVEL MFLAGS STAGE ONLY PROGRAM ENGINES BIN BUILD ROOTFS ATTACKS TAP JUNIT DESTDIR PREFIX
subject=install said=/tmp/out
. tests/verdict.sh

# same FILE FILE
same() { diff "$1" "$2"; }

# Which files and directories are there.
tree() { (cd "$1" && find . -printf '%M %P\n' | LC_ALL=C sort); }

make_in() { make -s -C $copy BUILD="$build" "$@"; }

mkdir $copy
# The objects are there already, and not made again: their times are kept.
cp -a habits [01][0-9]-* tools mk kit Makefile stage.mk CHANGELOG.md $copy
COMMIT=$(sed -n 's/^#define COMMIT "\(.*\)"/\1/p' "$build/10-full-container/version.inc")
export COMMIT
mkdir -p "$copy/$build"
for each in "$build"/*; do
    case $each in */tests | */rootfs) ;; *) cp -a "$each" "$copy/$build" ;; esac
done

programs="nsmap ten-steps"
[ ! -e tools/explain/main.c ] || programs="explain $programs"
section() { case $1 in ten-steps) echo 8 ;; *) echo 1 ;; esac }
expected() {
    echo /bin/
    for each in $programs; do
        echo "/bin/$each"
        echo "/share/man/man$(section "$each")/$each.$(section "$each")"
        echo "/share/bash-completion/completions/$each"
        echo "/share/zsh/site-functions/_$each"
    done
    for each in apparmor-runtime containerd.toml containers.conf daemon.json; do
        echo "/share/doc/ten-steps/examples/$each"
    done
    echo /share/doc/ten-steps/installed
    printf '/share/%s\n' '' bash-completion/ bash-completion/completions/ doc/ doc/ten-steps/ \
        doc/ten-steps/examples/ man/ man/man1/ man/man8/ zsh/ zsh/site-functions/
}

# ---- What is put where ----

prefix=$to/opt/our\ own
verify it_installs make_in install DESTDIR="$to" PREFIX="/opt/our own"
expected | LC_ALL=C sort >/tmp/expected
(cd "$prefix" && find . -mindepth 1 -type d -printf '/%P/\n' -o -mindepth 1 -printf '/%P\n') |
    LC_ALL=C sort >/tmp/found
verify it_puts_there_what_is_documented_and_no_more same /tmp/expected /tmp/found
modes() { ! find "$prefix" -type d ! -perm 755 -o -path '*/bin/*' ! -perm 755 -o -type f ! -path '*/bin/*' ! -perm 644 | grep .; }
verify anybody_may_read_it modes
tree "$to" >/tmp/before
verify a_second_time_is_no_change make_in install DESTDIR="$to" PREFIX="/opt/our own"
tree "$to" >/tmp/after
verify and_leaves_the_same same /tmp/before /tmp/after
verify words_of_gnu_work_too make_in install DESTDIR=/tmp/gnu prefix=/usr mandir=/usr/man bindir=/usr/sbin
verify each_of_them ls /tmp/gnu/usr/sbin/ten-steps /tmp/gnu/usr/man/man8/ten-steps.8

# ---- As an ordinary user, into a tree of his own ----

mkdir /tmp/user
chown 65534:65534 /tmp/user
as_user() {
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
user_installs() {
    chown -R 65534:65534 $copy
    as_user make -s -C $copy BUILD="$build" install DESTDIR=/tmp/user/d PREFIX=/usr &&
        as_user make -s -C $copy BUILD="$build" uninstall DESTDIR=/tmp/user/d PREFIX=/usr &&
        ! find /tmp/user/d -mindepth 1 | grep .
    status=$?
    chown -R 0:0 $copy
    return $status
}
verify it_takes_no_root_for_a_tree_of_ones_own user_installs
root_installs() {
    chown -R 65534:65534 $copy
    rm "$copy/$build/habits/whole.o"
    make_in install DESTDIR=/tmp/root-s PREFIX=/opt && ! find $copy ! -user 65534 | grep .
    status=$?
    chown -R 0:0 $copy
    return $status
}
verify what_root_installs_leaves_the_clone_its_owner root_installs

# ---- It is whole ----

static() { LC_ALL=C file "$prefix/bin/ten-steps" | grep -E 'static.*stripped' | grep -v 'not stripped'; }
if ! command -v file >/dev/null; then
    verdict skip it_is_one_static_file "file is not installed"
elif ! file "$build/installed/ten-steps" | grep -q static; then
    verdict skip it_is_one_static_file "static libraries are not there"
else
    verify it_is_one_static_file static
fi

names_no_clone() {
    ! grep -aoE '.{0,30}(\./kit|make rootfs|build/rootfs|bin/[01n][0-9s]|TUTORIAL|10-full-container).{0,30}' "$prefix"/bin/* &&
        ! grep -ao "${clone}[^ ]*" "$prefix"/bin/* && ! grep -rn '@[a-z]' "$prefix/share/man" "$prefix/share/bash-completion" &&
        ! grep -rnE "$clone|$copy" "$prefix/share"
}
if grep -q __asan_ "$prefix/bin/ten-steps"; then
    verdict skip no_file_speaks_of_the_clone "the sanitizers name files"
else
    verify no_file_speaks_of_the_clone names_no_clone
fi

# In a root without the clone; on a host that is this one's.
cp -a "$rootfs" /tmp/root
alone() {
    unshare --mount sh -c 'mount -t tmpfs tmpfs "$1" && mount -t tmpfs tmpfs /tmp/copy && cd / && shift && "$@"' \
        sh "$clone" "$@"
}
says() {
    local pattern=$1
    shift
    alone "$@" 2>&1 | tr '\n' ' ' | tee /dev/stderr | grep -Eq -- "$pattern"
}
program="$prefix/bin/ten-steps"
verify it_runs_without_the_clone says '^box ' "$program" --hostname box hostname
version=$(sed -n 's/^## \([0-9.]*\) (.*/\1/p' CHANGELOG.md | head -n 1)
verify its_version_is_the_changelogs says "^ten-steps version $version commit: ([0-9a-f]{7,}(-dirty)?|unknown) spec: [0-9.]+ $" "$program" --version
verify its_help_has_its_name says '^Usage: ten-steps .* Try:   sudo ten-steps ' "$program" --help
verify its_errors_have_its_name says '^ten-steps: .*hint: ' "$program" --rootfs /none true
verify its_hints_are_for_its_user says 'hint: give a directory with a root file system in it $' "$program" --rootfs /none true
examples_work() {
    local each example
    printf '#!/bin/sh\nexec "$@"\n' >/tmp/sudo && chmod +x /tmp/sudo
    for each in $programs; do
        example=$("$prefix/bin/$each" --help | sed -n '/^Try:/{n;s/^ *//p}')
        [ -n "$example" ] && PATH="/tmp:$prefix/bin:$PATH" alone sh -c "$example" || return
    done
}
verify the_examples_of_help_work examples_work
bundle() {
    mkdir -p /tmp/bundle && cd /tmp/bundle &&
        "$program" spec --rootfs /tmp/root --hostname box sh -c 'hostname; cat' &&
        alone "$program" run --bundle /tmp/bundle one | grep -x box &&
        alone "$program" create --bundle /tmp/bundle two </dev/null >/dev/null &&
        alone "$program" state two | grep -q '"created"' && alone "$program" delete --force two
}
verify it_is_a_runtime bundle

# ---- Pages ----

man_of() { echo "$prefix/share/man/man$(section "$1")/$1.$(section "$1")"; }
pages_name_options() {
    local each
    for each in $programs; do
        tools/install/table.sh "$prefix/bin/$each" | awk -F'\t' '
            FILENAME == "-" && $1 == "option" { wanted["Fl -" $4] = $2; next }
            FILENAME != "-" { page = page "\n" $0 " " }
            END { for (each in wanted) if (!index(page, each " ")) { print "no", each, wanted[each]; bad = 1 }
                exit bad }' - FS='\n' "$(man_of "$each")" || return
    done
}
verify the_pages_have_every_option pages_name_options
pages_name_verbs() {
    local verb
    for verb in $("$program" help | sed -n '/^VERB/,$s/^  \([a-z]*\) .*/\1/p'); do
        grep "^.It Ic $verb\b" "$(man_of ten-steps)" || { echo "no $verb"; return 1; }
    done
}
verify the_page_has_every_verb pages_name_verbs
lint_pages() {
    local each
    for each in $programs; do
        mandoc -T lint -W warning "$(man_of "$each")" || return
    done
}
warn_pages() {
    local each
    for each in $programs; do
        man --warnings -l "$(man_of "$each")" 2>&1 >/dev/null | grep . && return 1
    done
    return 0
}
if command -v mandoc >/dev/null; then
    verify mandoc_finds_no_fault lint_pages
else
    verdict skip mandoc_finds_no_fault "mandoc is not installed"
fi
if man --version 2>/dev/null | grep -q '^man 2' && command -v groff >/dev/null; then
    verify man_finds_no_fault warn_pages
else
    verdict skip man_finds_no_fault "man-db is not installed"
fi

# ---- Completion ----

# completed WORD... : what bash offers for the last one
completed() {
    PATH="$prefix/bin:$PATH" bash --norc -c '
        . "$1/share/bash-completion/completions/$2"
        shift
        compopt() { :; }
        complete -p "$1" >/dev/null || exit
        # As bash: "=" is a word.
        for each; do
            case $each in --*=*) COMP_WORDS+=("${each%%=*}" = "${each#*=}") ;; *) COMP_WORDS+=("$each") ;; esac
        done
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        "$(complete -p "$1" | sed "s/.*-F \([^ ]*\).*/\1/")"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$prefix" "$@"
}
# offers WORD LINE...: it is among them
offers() {
    local word=$1
    shift
    completed "$@" | tee /dev/stderr | grep -qxF -- "$word"
}
all_offered() {
    local each
    for each in $programs; do
        "$prefix/bin/$each" --help | grep -oE '^  (-.,|   ) --[a-z-]+' | grep -oE -- '--.*' >/tmp/options
        completed "$each" -- | grep -vxFf - /tmp/options && return 1
    done
    return 0
}
verify bash_offers_every_option all_offered
verify bash_offers_verbs offers create ten-steps cre
verify bash_offers_the_options_of_a_verb offers --pid-file ten-steps --root /x run --pid
verify bash_knows_what_belongs_to_a_verb sh -c '! echo "$1" | grep -x -- --hostname' sh "$(completed ten-steps run --)"
verify bash_offers_words_of_an_option offers chroot ten-steps --jail ch
verify bash_takes_an_equals_sign offers chroot ten-steps --jail=ch
verify bash_offers_directories offers /tmp/bundle ten-steps run --bundle /tmp/bun
alone "$program" create --bundle /tmp/bundle three </dev/null >/dev/null
verify bash_offers_containers offers three ten-steps state ''
"$program" delete --force three

# zsh calls _arguments; here it is a function that shows how.
zsh_offers() {
    local word=$1
    shift
    PATH="$prefix/bin:$PATH" zsh -fc '
        _arguments() { print -rl -- "$@"; }
        _describe() { print -rl -- $verbs; }
        _ten-steps() { source "$file"; }
        file=$1; shift
        words=("$@") CURRENT=$#
        _ten-steps' zsh "$prefix/share/zsh/site-functions/_$1" "$@" | tee /dev/stderr | grep -qF -- "$word"
}
if command -v zsh >/dev/null; then
    verify zsh_offers_options zsh_offers '*--hostname=' ten-steps ''
    verify zsh_offers_the_options_of_a_verb zsh_offers --pid-file= ten-steps --root /x run ''
    verify zsh_completes_nsmap_too zsh_offers --dot nsmap ''
else
    verdict skip zsh_completes "zsh is not installed"
fi

# ---- What fails leaves what was there ----

full() {
    unshare --mount sh -c 'mount -t tmpfs -o size=300k tmpfs "$1/bin" && echo old >"$1/bin/ten-steps" &&
        ! make -s -C "$2" BUILD="$3" install DESTDIR="$4" PREFIX="/opt/our own" &&
        test "$(cat "$1/bin/ten-steps")" = old && test "$(ls -A "$1/bin")" = ten-steps' \
        sh "$prefix" $copy "$build" "$to"
}
verify a_full_disk_leaves_the_old_program full
tree "$to" >/tmp/after
verify and_nothing_in_part same /tmp/before /tmp/after
nowhere() {
    unshare --mount sh -c 'mkdir /tmp/small && mount -t tmpfs -o size=16k tmpfs /tmp/small &&
        ! make -s -C "$1" BUILD="$2" install DESTDIR=/tmp/small && ! find /tmp/small -mindepth 1 -type f -name "*.new" | grep . &&
        { [ ! -e /tmp/small/usr/local/share/doc/ten-steps/installed ] ||
            make -s -C "$1" BUILD="$2" uninstall DESTDIR=/tmp/small; } &&
        ! find /tmp/small -mindepth 1 | grep .' sh $copy "$build"
}
verify a_first_installation_that_fails_can_be_removed nowhere

# ---- What is somebody else's ----

# strange PATH: install, where that is there already, says so and does nothing
strange() {
    make_in install DESTDIR=/tmp/strange 2>&1 | tee /dev/stderr | tr '\n' ' ' |
        grep -qF "install: /tmp/strange/usr/local/$1 is not of ten-steps" &&
        [ "$(find /tmp/strange ! -type d)" = "/tmp/strange/usr/local/$2" ]
}
mkdir -p /tmp/strange/usr/local/bin
echo mine >/tmp/strange/usr/local/bin/nsmap
verify a_file_of_somebody_else_is_not_replaced strange bin/nsmap bin/nsmap
rm /tmp/strange/usr/local/bin/nsmap
ln -s /nowhere /tmp/strange/usr/local/bin/ten-steps
verify nor_is_a_link strange bin/ten-steps bin/ten-steps
rm /tmp/strange/usr/local/bin/ten-steps
mkdir /tmp/strange/usr/local/bin/ten-steps
echo mine >/tmp/strange/usr/local/bin/ten-steps/file
verify and_nothing_goes_into_a_directory_of_that_name strange bin/ten-steps bin/ten-steps/file

# ---- Where ----

# refuses PATTERN WORD...: make fails with these, and says why
refuses() {
    local pattern=$1
    shift
    make_in "$@" 2>&1 | tee /dev/stderr | tr '\n' ' ' | grep -E -- "$pattern" >/dev/null
    [ "${PIPESTATUS[*]}" = "2 0 0 0" ]
}
verify a_place_is_a_path_from_the_root refuses 'install: bindir would be opt/bin: .* hint: ' install PREFIX=opt
verify also_for_uninstall refuses 'uninstall: bindir would be ~/x/bin: ' uninstall PREFIX='~/x'
verify and_has_one_line refuses 'bindir has two lines' install DESTDIR=/tmp/lines PREFIX=$'/a\n/b'
verify uninstall_asks_where refuses 'nothing is installed there: .* hint: give PREFIX' \
    uninstall DESTDIR="$to" PREFIX=/elsewhere
ways_to_write() {
    make_in install DESTDIR=/tmp/ways PREFIX=/usr/ && ! grep -rn //ten-steps /tmp/ways/usr/share/doc &&
        make_in install DESTDIR=/tmp/ways/ PREFIX=/opt/..//usr && make_in uninstall DESTDIR=/tmp/ways PREFIX=/usr &&
        ! find /tmp/ways -mindepth 1 | grep .
}
verify a_place_may_be_written_in_many_ways ways_to_write

# ---- What ends in the middle ----

# It writes half of the fifth file; then a signal comes, to who runs it.
cat >/tmp/interrupted <<'END'
#!/bin/sh
echo >>/tmp/count
[ "$(wc -l </tmp/count)" = 5 ] || exec install "$@"
for last; do :; done
echo half >"$last"
kill -"$SIGNAL" $PPID
END
chmod +x /tmp/interrupted
# interrupted SIGNAL LEFT: so many files are left in part; uninstall removes all
interrupted() {
    rm -f /tmp/count
    ! SIGNAL=$1 make_in install DESTDIR=/tmp/half INSTALL=/tmp/interrupted &&
        [ -x /tmp/half/usr/local/bin/ten-steps ] && [ "$(find /tmp/half -name '*.new' | wc -l)" = "$2" ] &&
        make_in uninstall DESTDIR=/tmp/half && ! find /tmp/half -mindepth 1 | grep .
}
verify ctrl_c_leaves_no_file_in_part interrupted INT 0
verify what_kill_leaves_goes_too interrupted KILL 1
printf '#!/bin/sh\n! flock -n /tmp/two/ true && exec install "$@"\n' >/tmp/beside
chmod +x /tmp/beside
verify two_do_not_write_at_once make_in install DESTDIR=/tmp/two INSTALL=/tmp/beside

# ---- Whose list it is ----

# lists LINE PATTERN: with that line in the list nothing is removed
lists() {
    local list=/tmp/two/usr/local/share/doc/ten-steps/installed
    cp $list /tmp/list
    echo "$1" >>$list
    tree /tmp/two >/tmp/before
    refuses "$2" uninstall DESTDIR=/tmp/two && refuses "$2" install DESTDIR=/tmp/two && tree /tmp/two | diff /tmp/before -
    status=$?
    cp /tmp/list $list
    return $status
}
mkdir -p /tmp/two/etc /tmp/two/empty
echo precious >/tmp/two/etc/passwd
verify a_list_names_nothing_elsewhere lists /etc/passwd 'names /etc/passwd, which is not below PREFIX +hint: give PREFIX'
verify nor_by_going_up lists /usr/local/bin/../../../etc/passwd 'names /usr/.*passwd, which is not below'
verify nor_a_directory lists /empty/ 'names /empty/, which'
anothers() {
    chown 65534 /tmp/two/usr/local/share/doc/ten-steps/installed
    refuses "is another user's" uninstall DESTDIR=/tmp/two
}
verify nor_is_it_another_users anothers
without_list() {
    make_in install DESTDIR=/tmp/package RECORD= && tree /tmp/package >/tmp/before &&
        refuses 'nothing is installed there' uninstall DESTDIR=/tmp/package && tree /tmp/package | diff /tmp/before -
}
verify what_a_package_has_installed_stays without_list

# ---- It goes again ----

mkdir -p "$to/opt/our own/share/man/man3"
echo "of somebody else" >"$prefix/share/man/man8/other.8"
verify it_uninstalls make_in uninstall DESTDIR="$to" PREFIX="/opt/our own"
(cd "$to" && find . | LC_ALL=C sort) >/tmp/found
printf '%s\n' . ./opt './opt/our own' './opt/our own/share' './opt/our own/share/man' \
    './opt/our own/share/man/man3' './opt/our own/share/man/man8' \
    './opt/our own/share/man/man8/other.8' | LC_ALL=C sort >/tmp/expected
verify what_is_somebody_elses_stays same /tmp/expected /tmp/found
mkdir -p /tmp/usual/usr/local/bin /tmp/usual/usr/local/share/man
tree /tmp/usual >/tmp/before
verify into_directories_that_are_there make_in install DESTDIR=/tmp/usual
verify and_out_of_them make_in uninstall DESTDIR=/tmp/usual
tree /tmp/usual >/tmp/after
verify they_stay_and_nothing_else same /tmp/before /tmp/after
of_others() {
    make_in install DESTDIR=/tmp/usual && chown -R 65534:65534 $copy && rm -r "${copy:?}/$build" &&
        $copy/kit uninstall DESTDIR=/tmp/usual && tree /tmp/usual | diff /tmp/before -
}
verify kit_removes_too_where_the_clone_is_anothers_and_clean of_others

totals
