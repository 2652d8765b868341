#!/bin/sh
# A place to write a stage of your own.
#
#   tools/start.sh STAGE-DIRECTORY DIR [LANGUAGE]
#
# In C (c) DIR gets the main.c of the stage before, and of the new module what the
# stage's main.c calls: a header, and a stub for each of its functions.  It
# builds at once, and fails just the tests of what is new.  The modules of the
# earlier stages come from this clone; of the new one nothing does, its beyond/
# neither, so nothing of the solution is linked.
#
# In Python (python) and Go (go) it gets a program that isolates nothing, with
# the options that the exercise asks for: tools/start/, and the table of options
# that is judged.
set -eu
stage=$1 dir=$2 language=${3:-c}
number=${stage%%-*}

# stop WHAT
stop() {
    echo "make start: $1" >&2
    exit 2
}

# word PATH: as a shell reads it
word() {
    case $1 in
    *[!a-zA-Z0-9/._+,:@%-]*) printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf %s "$1" ;;
    esac
}

[ ! -e "$dir" ] || stop "$dir exists already: choose another DIR"
case $language in c | python | go) ;; *) stop "LANGUAGE is c, python or go, not $language" ;; esac
[ "$number" != 10 ] || stop "stage 10 has no starting point: its exercise is a bundle, see exercises/10-full-container/README.md"
kit=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
# A blank in a path is two paths for make: from within the clone none is needed.
to_kit=$kit
case $language:$kit in c:*[[:blank:]]*)
    to_kit=$(realpath --relative-to="$dir" "$kit")
    case $to_kit in *[[:blank:]]*)
        rmdir "$dir" 2>/dev/null || :
        stop "make cannot use $kit from $dir, because of the blank in it: choose a DIR in the clone"
        ;;
    esac
    ;;
esac
cd "$kit"

# options FORMAT NONE: a line for each that is asked for; NONE stands for no value
options() {
    sed -n "s/^\t{ \"$number\", \(\".*\"\), \(.*\) },.*/$1/p" tests/runner/judged.c | sed "s/NULL/$2/"
}

# fill_in FILE: a program of tools/start/, of this stage
fill_in() {
    title="Stage $number, $(sed -n '1s/^# Exercise [0-9]*: //p' exercises/"$stage"/README.md)"
    awk -v title="$title" -v exercise="$kit/exercises/$stage/README.md" -v options="$(options "$2" "$3")" '
        /@options@/ { print options; next }
        BEGIN { gsub(/[\\&]/, "\\\\&", exercise) }
        { sub(/@title@/, title); sub(/@exercise@/, exercise); print }' "$1"
}

check_it="sudo $(word "$kit/kit") check STAGE=$number PROGRAM=$(word "$dir/$stage")"
case $language in
python)
    fill_in tools/start/program.py '    \1: \2,' None > "$dir/$stage"
    chmod 755 "$dir/$stage"
    command -v python3 > /dev/null || echo "Python is not installed: the package python3"
    echo "$dir/$stage is ready: it isolates nothing, and you fill in what is marked \"yours\"."
    echo "  $check_it"
    exit
    ;;
go)
    fill_in tools/start/program.go '\t\1: \2,' '""' > "$dir/main.go"
    cat > "$dir/Makefile" << END
# Stage $number, yours.  \`make\` builds it, \`sudo make check\` tries it.
$stage: main.go
	go build -o \$@ main.go

.PHONY: check
check: $stage
	\$(MAKE) -C "$kit" check STAGE=$number PROGRAM="\$(CURDIR)/$stage"
END
    command -v go > /dev/null || echo "Go is not installed: the package golang-go (Debian, Ubuntu), golang or go"
    echo "$dir/main.go is ready: it isolates nothing, and you fill in what is marked \"yours\"."
    echo "  make -C $(word "$dir") && $check_it"
    exit
    ;;
esac

# The stage before, and what the program is linked with.
before='' earlier='' skipped="%/main.c %/escape.c"
for each in [01][0-9]-*; do
    [ "$each" != "$stage" ] || break
    before=$each
    earlier="$earlier $each"
done

# The project's headers that a file includes.
includes() {
    sed -n 's/^#include "\(.*\)"/\1/p' "$1"
}

# Before the first stage there is one with nothing in it.
if [ -n "$before" ]; then
    cp "$before/main.c" "$dir/main.c"
    headers=$(includes "$stage/main.c" | grep "^$stage/")
else
    headers=01-uts/uts.h # the other one is help, not the task
    earlier=" 01-uts" skipped="$skipped %/uts.c"
    {
        echo '/* The start of a container: it has nothing of its own yet. */'
        sed '1,/\*\//d' 01-uts/main.c |
            awk '/uts_setup/ { getline; next }
                 /uts\.h|uts_options|struct uts/ { next }
                 { sub(/CLONE_NEWUTS/, "0"); print }'
    } > "$dir/main.c"
fi

# The names of calls: from libseccomp, as in the solution, where it is installed.
libraries=-lcap
[ "$number" != 09 ] || ! pkg-config --exists libseccomp 2>/dev/null || libraries="-lcap -lseccomp"

sources=main.c names=''
for header in $headers; do
    name=$(basename "$header" .h)
    awk -v stage="$stage" -v main="$stage/main.c" -v handed="$(echo "$headers" | tr '\n' ' ')" \
        -f tools/learner.awk "$header" > "$dir/$name.h"
    awk -v name="$name" -f tools/stub.awk "$dir/$name.h" > "$dir/$name.c"
    sources="$sources $name.c" names="$names \"$name.h\""
done

cat > "$dir/Makefile" << END
# Stage $number, yours.  \`make\` builds it, \`sudo make check\` tries it.
KIT     := $to_kit
CFLAGS  := -std=gnu11 -g -Wall -Wextra -Wno-unused-parameter -D_GNU_SOURCE
SOURCES := $sources
EARLIER := \$(filter-out $skipped,\\
	\$(wildcard \$(foreach each,habits$earlier,\$(KIT)/\$(each)/*.c \$(KIT)/\$(each)/beyond/*.c)))
OBJECTS := \$(SOURCES:%.c=build/%.o) \$(EARLIER:\$(KIT)/%.c=build/kit/%.o)

$stage: \$(OBJECTS)
	\$(CC) -Wl,--as-needed -o \$@ \$^ $libraries

build/%.o: %.c \$(wildcard *.h)
	@mkdir -p \$(@D)
	\$(CC) \$(CFLAGS) -I\$(KIT) -c -o \$@ \$<

build/kit/%.o: \$(KIT)/%.c
	@mkdir -p \$(@D)
	@\$(CC) \$(CFLAGS) -I\$(KIT) -c -o \$@ \$<

.PHONY: check
check: $stage
	\$(MAKE) -C \$(KIT) check STAGE=$number PROGRAM="\$(CURDIR)/$stage"
END

echo "$dir is ready.  In its main.c include$names,"
echo "call what is new, and fill in the stubs; compare with $stage only at the end."
echo "  make -C $(word "$dir") && $check_it"
