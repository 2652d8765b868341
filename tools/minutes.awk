# How long does a chapter of the tutorial take?
#
#   awk [-v write=1] -f tools/headings.awk -f tools/minutes.awk \
#       exercises/*/README.md TUTORIAL.md TUTORIAL.ko.md
#
# Reading at 130 words a minute (prose, tables and quoted code), half a
# minute for each command and what it prints, rounded up to 5; what is listed to be read alongside
# is not counted.  The exercise's minutes are what its own page says.  That is
# counted in the first tutorial, the English one.  The table of contents of the
# second, the same or one in another language, has to agree, within 5 minutes;
# with write=1 the second is printed with a table that does.

FNR == 1 { file++; code = "" }

# An exercise: "Minutes: 20 to 40."
FILENAME ~ /^exercises\// {
	if (/^Minutes: /) {
		split(FILENAME, path, /[\/-]/)
		exercise[path[2]] = $2 " " $4 + 0
	}
	next
}

FILENAME ~ /TUTORIAL/ && !first { first = file }
{ second = file > first }

!second && /^```/ { code = code == "" ? $0 : "" ; next }
!second && heading == 2 { chapter = section; counts = 1; next }
!second && heading == 3 { counts = !is_called("read-alongside") }
!second && !counts { next }
!second && code == "```console" { if (/^\$ /) minutes[chapter] += 0.5; next }
!second { minutes[chapter] += NF / 130; next }

# numbers("45 to 90"): "45 90"
function numbers(text) {
	gsub(/[^0-9]+/, " ", text)
	gsub(/^ | $/, "", text)
	return text
}

# The table of contents, once all is counted.
heading == 2 { contents = section == "contents" }
contents && /^\| \[/ {
	split($0, cell, / *\| */)
	chapter = cell[2]
	gsub(/.*#|\).*/, "", chapter)
	right = 5 * int((minutes[chapter] + 4.999) / 5)
	work = exercise[substr(chapter, 1, 2)]
	if (write) {
		if (split(work, from_to, " "))
			sub(/[0-9]+[^0-9]+[0-9]+/, from_to[1] between(cell[5]) from_to[2], cell[5])
		printf "| %s | %s | %d |%s |\n", cell[2], cell[3], right, cell[5] == "" ? "" : " " cell[5]
		next
	}
	if (cell[4] - right > 5 || right - cell[4] > 5 || numbers(cell[5]) != work) {
		printf "%s: %s: the table says %s and \"%s\", counted are %d and \"%s\": make minutes\n",
			FILENAME, chapter, cell[4], cell[5], right, work
		bad = 1
	}
}
write { print }
END { exit bad }

# between("45 to 90"): " to "
function between(text) {
	gsub(/^[^0-9]*[0-9]+|[0-9]+[^0-9]*$/, "", text)
	return text
}
