# A whole program as one file:
#
#     awk -v build=build [-v deep=1] -f flat.awk MAIN.c MODULE.c... >one.c
#
# What the stages keep in beyond/ is only declared, and marked where it is
# called; with deep=1 it is there.  So only that can be linked, both compile.
#
# The files beside main.c belong to the program, and so does every header that
# is included, and every file beside a header that includes it.  Headers come
# out in the order in which they depend on each other, then the modules in the
# order of the stages, then main.c.  A generated table (.inc, in the build
# directory) is put where it was included.

function read_file(file,    line, name, depth) {
	while ((getline line < file) > 0) {
		if (line ~ /^#[ \t]*if/) depth++
		if (line ~ /^#[ \t]*endif/) depth--
		if (line ~ /^#include ".*\.inc"/) {
			split(line, name, "\"")
			while ((getline line < (build "/" name[2])) > 0)
				text[file] = text[file] line "\n"
		} else if (line ~ /^#include "/) {
			split(line, name, "\"")
			includes[file, ++include_count[file]] = name[2]
		} else if (line ~ /^#include </ && !depth) {
			if (!system_seen[line]++)
				systems[++system_count] = line
		} else if (line !~ /^#pragma once/) {
			text[file] = text[file] line "\n"
		}
	}
	close(file)
	gsub(/\n\n\n+/, "\n\n", text[file])
	sub(/^\n+/, "", text[file])
}

function need_header(header) {
	if (header in is_needed)
		return
	is_needed[header] = 1
	need_includes(header)
	headers[++header_count] = header
}

function need_includes(file,    i) {
	if (file in text)
		return
	read_file(file)
	for (i = 1; i <= include_count[file]; i++)
		need_header(includes[file, i])
}

function are_beside(a, b) {
	return substr(a, 1, index(a, "/")) == substr(b, 1, index(b, "/"))
}

function is_module_of(file, header,    line, found) {
	if (!are_beside(file, header))
		return 0
	while (!found && (getline line < file) > 0)
		found = line == "#include \"" header "\""
	close(file)
	return found
}

function is_beyond(file) {
	return !deep && file ~ /\/beyond\//
}

# The functions that a header declares.
function note_beyond(header,    lines, i, n, line) {
	n = split(text[header], lines, "\n")
	for (i = 1; i <= n; i++) {
		line = lines[i]
		if (line ~ /^[a-z].*\(/ && line !~ /^(typedef|static)/) {
			sub(/\(.*/, "", line)
			sub(/.*[ *]/, "", line)
			beyond[line] = header
		}
	}
}

# Which of them a line calls, or "".
function called(line,    name) {
	if (line ~ /^[ \t]*(\/?\*|#)/ || line ~ /\\$/)
		return ""
	while (match(line, /[a-z_][a-z0-9_]*\(/)) {
		name = substr(line, RSTART, RLENGTH - 1)
		if (name in beyond)
			return name
		line = substr(line, RSTART + RLENGTH)
	}
	return ""
}

function print_marked(file,    lines, i, n, name) {
	n = split(text[file], lines, "\n")
	for (i = 1; i < n; i++) {
		name = called(lines[i])
		print lines[i] (name == "" ? "" \
			: " /* beyond: " beyond[name] " */")
	}
}

function print_file(file) {
	printf "\n/* ======== %s%s ======== */\n\n", file, \
		is_beyond(file) ? " (its code: DEEP=1)" : ""
	if (is_beyond(file) || deep)
		printf "%s", text[file]
	else
		print_marked(file)
}

BEGIN {
	need_includes(ARGV[1])
	for (i = 2; i < ARGC; i++)
		if (are_beside(ARGV[i], ARGV[1]) && !is_beyond(ARGV[i]))
			need_includes(ARGV[i])
	for (h = 1; h <= header_count; h++) # which grows meanwhile
		for (i = 2; i < ARGC; i++)
			if (!is_beyond(ARGV[i]) && is_module_of(ARGV[i], headers[h]))
				need_includes(ARGV[i])
	if (deep) {
		printf "/* %s and all it uses, in one file.  Build it with\n", ARGV[1]
		printf " *     cc -o program FILE.c -lcap%s */\n", \
			ARGV[1] ~ /^10/ ? " -lseccomp -ljansson" : ""
	} else {
		printf "/* %s and the lessons that it uses, in one file.  What is\n", ARGV[1]
		printf " * beyond them: make flat STAGE=%s DEEP=1 */\n", substr(ARGV[1], 1, 2)
	}
	print "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#endif\n"
	for (i = 1; i <= system_count; i++)
		print systems[i]
	for (i = 1; i <= header_count; i++)
		if (is_beyond(headers[i]))
			note_beyond(headers[i])
	for (i = 1; i <= header_count; i++)
		print_file(headers[i])
	for (i = 2; i < ARGC; i++)
		if (ARGV[i] in text)
			print_file(ARGV[i])
	print_file(ARGV[1])
	exit
}
