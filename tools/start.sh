#!/bin/sh
# A place to write a stage of your own.
#
#   tools/start.sh STAGE-DIRECTORY DIR
#
# DIR gets the main.c of the stage before, and of the new module what the
# stage's main.c calls: a header, and a stub for each of its functions.  It
# builds at once, and fails just the tests of what is new.  The modules of the
# earlier stages come from this clone; of the new one nothing does, its beyond/
# neither, so nothing of the solution is linked.
set -eu
stage=$1 dir=$2
number=${stage%%-*}

# stop WHAT
stop() {
    echo "make start: $1" >&2
    exit 2
}

[ ! -e "$dir" ] || stop "$dir exists already: choose another DIR"
[ "$number" != 10 ] || stop "stage 10 has no starting point: its exercise is a bundle, see exercises/10-full-container/README.md"
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
cd "$(dirname "$0")/.."
kit=$(pwd)

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
KIT     := $kit
CFLAGS  := -std=gnu11 -g -Wall -Wextra -Wno-unused-parameter -D_GNU_SOURCE
SOURCES := $sources
EARLIER := \$(filter-out $skipped,\\
	\$(wildcard \$(foreach each,habits$earlier,\$(KIT)/\$(each)/*.c \$(KIT)/\$(each)/beyond/*.c)))
OBJECTS := \$(SOURCES:%.c=build/%.o) \$(EARLIER:\$(KIT)/%.c=build/kit/%.o)

$stage: \$(OBJECTS)
	\$(CC) -Wl,--as-needed -o \$@ \$^ -lcap

build/%.o: %.c \$(wildcard *.h)
	@mkdir -p \$(@D)
	\$(CC) \$(CFLAGS) -I. -I\$(KIT) -c -o \$@ \$<

build/kit/%.o: \$(KIT)/%.c
	@mkdir -p \$(@D)
	@\$(CC) \$(CFLAGS) -I\$(KIT) -c -o \$@ \$<

.PHONY: check
check: $stage
	\$(MAKE) -C \$(KIT) check STAGE=$number PROGRAM=\$(CURDIR)/$stage
END

echo "$dir is ready.  In its main.c include$names,"
echo "call what is new, and fill in the stubs; compare with $stage only at the end."
echo "  make -C $dir && sudo $kit/kit check STAGE=$number PROGRAM=$dir/$stage"
