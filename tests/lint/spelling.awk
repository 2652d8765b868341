# A text of an edition in another language: is a word spelled otherwise than
# agreed on?  See spelling.sh.
#
#   awk -F '\t' -f tools/headings.awk -f tests/lint/spelling.awk TABLE TEXT

FILENAME == ARGV[1] {
	if (!/^#/ && NF == 2) {
		wrong[++count] = $1
		right[count] = $2
	}
	next
}

# The glossary says what a word is called elsewhere.
fenced || section == "words" { next }

{
	line = $0
	gsub(/`[^`]*`|\[[^]]*\]\([^)]*\)|<[^>]*>/, "x", line)
	for (i = 1; i <= count; i++)
		if (match(line, wrong[i])) {
			printf "%s:%d: \"%s\" is written: %s\n", FILENAME, FNR, \
				substr(line, RSTART, RLENGTH), right[i]
			bad = 1
		}
}

END { exit bad }
