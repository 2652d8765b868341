#!/bin/sh
# The options of an installed program, as it tells them itself, for man pages and
# completion: what is made of this table cannot be another than the program.
#
#   table.sh PROGRAM
#
# Words between tabs; SECTION is "" for the program itself, "help" for what stands
# before a verb, or the verb:
#
#   summary SECTION USAGE TEXT
#   option  SECTION LETTER NAME ARGUMENT HELP     (without: -)
set -eu

# section NAME WORD...: what PROGRAM WORD... says
section() {
    name=$1
    shift
    "$program" "$@" | awk -v section="$name" '
        BEGIN { OFS = "\t" }
        /^Usage: / { sub(/^Usage: [^ ]* /, ""); usage = $0; head = 1; next }
        head && NF { text = text (text ? " " : "") $0; next }
        head { head = 0; print "summary", section, usage, text; next }
        /^  (-.,|   ) --/ {
            letter = $1 ~ /^-.,$/ ? substr($1, 2, 1) : "-"
            line = substr($0, 9) # NAME, then one blank and ARGUMENT, or blanks
            name = line; sub(/ .*/, "", name)
            line = substr(line, length(name) + 1)
            argument = "-"
            if (line ~ /^ [^ ]/) {
                argument = line; sub(/^ /, "", argument); sub(/ .*/, "", argument)
                line = substr(line, length(argument) + 2)
            }
            sub(/^ +/, "", line)
            print "option", section, letter, name, argument, line
        }'
}

program=$1
section "" --help
# A program without verbs takes the word for something else, or for wrong.
verbs=$("$program" help 2>/dev/null | sed -n '/^VERB --help/,$s/^  \([a-z]*\) .*/\1/p')
[ -n "$verbs" ] || exit 0
section help help
for verb in $verbs; do
    section "$verb" "$verb" --help
done
