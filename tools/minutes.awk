# How long does a chapter of the tutorial take?
#
#   awk [-v write=1] -f tools/minutes.awk exercises/*/README.md TUTORIAL.md TUTORIAL.md
#
# Reading at 130 words a minute (prose, tables and quoted code), half a
# minute for each command and what it prints, rounded up to 5; what is listed to be read alongside
# is not counted.  The exercise's minutes are what its own page says.  The table
# of contents has to agree, within 5 minutes; with write=1 the tutorial is
# printed with a table that does.

FNR == 1 { file++; code = "" }

# An exercise: "Minutes: 20 to 40."
FILENAME ~ /^exercises\// {
	if (/^Minutes: /) {
		split(FILENAME, path, /[\/-]/)
		exercise[path[2]] = $2 " to " $4 + 0
	}
	next
}

FILENAME ~ /TUTORIAL/ && !first { first = file }
{ second = file > first }

!second && /^```/ { code = code == "" ? $0 : "" ; next }
!second && code == "" && /^## / { chapter = name($0); counts = 1; next }
!second && code == "" && /^### / { counts = !/^### Read alongside/ }
!second && !counts { next }
!second && code == "```console" { if (/^\$ /) minutes[chapter] += 0.5; next }
!second { minutes[chapter] += NF / 130; next }

# "## 01 UTS: a name of its own" and "[01 UTS](#...)" are both "01 UTS".
function name(line) {
	sub(/^## /, "", line)
	sub(/:.*/, "", line)
	return line
}

# The table of contents, once all is counted.
/^## / { contents = /^## Contents/ }
contents && /^\| \[/ {
	split($0, cell, / *\| */)
	chapter = cell[2]
	gsub(/^\[|\].*/, "", chapter)
	sub(/:.*/, "", chapter)
	right = 5 * int((minutes[chapter] + 4.999) / 5)
	work = exercise[substr(chapter, 1, 2)]
	if (write) {
		printf "| %s | %s | %d |%s |\n", cell[2], cell[3], right, work == "" ? "" : " " work
		next
	}
	if (cell[4] - right > 5 || right - cell[4] > 5 || cell[5] != work) {
		printf "TUTORIAL.md: %s: the table says %s and \"%s\", counted are %d and \"%s\": make minutes\n",
			chapter, cell[4], cell[5], right, work
		bad = 1
	}
}
write { print }
END { exit bad }
