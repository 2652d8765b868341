# Lines as wide as a terminal has room for: 79 columns, two for a letter of
# Korean.  A line that is indented goes on an item; a blank line parts.
# It counts bytes: LC_ALL=C.

function columns(word) {
    return gsub(/[\001-\177]/, "", word) + gsub(/[\300-\337]/, "", word) + \
        2 * gsub(/[\340-\367]/, "", word)
}

function finish() {
    if (line != "") print line
    line = ""
}

/^$/ || /^- / { finish() }
/^$/ { print; next }
{
    if (line == "") indent = /^- / ? "  " : ""
    for (i = 1; i <= NF; i++) {
        wide = columns($i)
        if (line != "" && at + 1 + wide > 79) {
            print line
            line = indent $i
            at = length(indent) + wide
        } else if (line == "") {
            line = $i
            at = wide
        } else {
            line = line " " $i
            at += 1 + wide
        }
    }
}
END { finish() }
