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

# What stands in quotation marks is quoted.
function unquoted(text,    parts, part, i, rest) {
	parts = split(text, part, "\"")
	for (i = 1; i <= parts; i++) {
		rest = rest (quoting ? "x" : part[i])
		if (i < parts)
			quoting = !quoting
	}
	return rest
}

!NF { quoting = 0 }

{
	line = $0
	gsub(/`[^`]*`|\[[^]]*\]\([^)]*\)|<[^>]*>/, "x", line)
	line = unquoted(line)
	for (i = 1; i <= count; i++)
		if (match(line, wrong[i])) {
			printf "%s:%d: \"%s\" is written: %s\n", FILENAME, FNR, \
				substr(line, RSTART, RLENGTH), right[i]
			bad = 1
		}
}

END { exit bad }
