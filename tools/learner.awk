# A header of a stage as its learner gets it: what the stage's main.c uses of it.
#
#   awk -v stage=05-cgroups -v main=05-cgroups/main.c -v handed="HEADER..." \
#       -f tools/learner.awk HEADER
#
# Functions and tables that main.c does not name are left out, with their
# comments: they serve the stage's other files, or later stages.  The stage's
# other headers stand where they were included, for their types, since they are
# not handed out: but for those in `handed`.

BEGIN {
	while ((getline line < main) > 0)
		used = used line "\n"
	read_header(ARGV[1], 0)
	exit
}

function is_used(name) {
	return match(used, "(^|[^a-z0-9_])" name "([^a-z0-9_]|$)")
}

# What a statement declares, if it is a function or a variable; or "".
function declared(statement) {
	if (statement ~ /\{/ || statement ~ /^(typedef|static|#|struct [a-z_]*;|enum [a-z_]*;)/)
		return ""
	sub(/[(\[;].*/, "", statement)
	sub(/[ \t]*$/, "", statement)
	sub(/.*[ *]/, "", statement)
	return statement
}

# A header is comments and blank lines, `before`, and statements.  One that
# follows another at once shares its comment, which is then `left`.
# `depth`: of includes.
function read_header(file, depth,    line, before, left, statement, braces, in_comment) {
	while ((getline line < file) > 0) {
		if (statement == "" && (in_comment || line ~ /^\/\*/ || line == "")) {
			left = ""
			before = before line "\n"
			in_comment = line !~ /\*\// && (in_comment || line ~ /^\/\*/)
			continue
		}
		statement = statement line "\n"
		if (line !~ /^#/)
			braces += gsub(/\{/, "{", line) - gsub(/\}/, "}", line)
		if (braces || (statement ~ /^#/ ? line ~ /\\$/ \
				: line !~ /;([ \t]*\/\*.*)?$/ && line !~ /^\}$/))
			continue
		before = before left
		left = hand_out(statement, before, depth) ? "" : before
		before = statement = ""
	}
	close(file)
}

# Returns whether it was.
function hand_out(statement, before, depth,    name, part) {
	name = declared(statement)
	if (name != "" && !is_used(name))
		return 0
	if (depth && statement ~ /^#pragma/)
		return 0
	split(statement, part, "\"")
	if (statement ~ /^#include "/ && index(part[2], stage "/") == 1) {
		if (index(" " handed " ", " " part[2] " ")) {
			sub(/.*\//, "", part[2])
			printf "%s#include \"%s\"\n", before, part[2]
		} else if (!(part[2] in seen)) {
			seen[part[2]] = 1
			read_header(part[2], depth + 1)
		}
		return 1
	}
	printf "%s%s", before, statement
	return 1
}
