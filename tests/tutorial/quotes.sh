#!/bin/sh
# Is every quote a piece of its file?  quotes.sh FILE.md...
#
# A quote is a block of code after a line that names where it is from:
#
#     <!-- file: 05-cgroups/cgroup.c -->
#     ```c
#
# Every ```c block must have one; its lines must stand in that file as they
# are, one after the other.
set -eu

for text; do
    awk '
    function wrong(what) {
        print FILENAME ":" start ": " what
        bad = 1
    }

    # The file as one string that starts and ends with a line end.
    function whole(file,    line, all) {
        all = "\n"
        while ((getline line < file) > 0)
            all = all line "\n"
        close(file)
        return all
    }

    /^```/ && inside {
        inside = 0
        if (file == "")
            wrong("this block does not say which file it is from")
        else if ((all = whole(file)) == "\n")
            wrong(file " is not there, or empty")
        else if (index(all, "\n" quote) == 0)
            wrong("this is not (or no longer) a piece of " file)
        file = ""
        next
    }
    inside { quote = quote $0 "\n"; next }
    /^```c$/ { inside = 1; quote = ""; start = FNR; next }
    /^<!-- file: .* -->$/ { file = $3; next }
    /[^ ]/ { file = "" }
    END { exit bad }
    ' "$text"
done
