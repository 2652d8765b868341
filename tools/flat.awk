# A whole program as one file:
#
#     awk -v build=build -f flat.awk MAIN.c MODULE.c... >one.c
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

function print_file(file) {
	printf "\n/* ======== %s ======== */\n\n%s", file, text[file]
}

BEGIN {
	need_includes(ARGV[1])
	for (i = 2; i < ARGC; i++)
		if (are_beside(ARGV[i], ARGV[1]))
			need_includes(ARGV[i])
	for (h = 1; h <= header_count; h++) # which grows meanwhile
		for (i = 2; i < ARGC; i++)
			if (is_module_of(ARGV[i], headers[h]))
				need_includes(ARGV[i])
	printf "/* %s and all it uses, in one file.  Build it with\n", ARGV[1]
	printf " *     cc -o program FILE.c -lcap%s */\n", \
		ARGV[1] ~ /^10/ ? " -lseccomp -ljansson" : ""
	print "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#endif\n"
	for (i = 1; i <= system_count; i++)
		print systems[i]
	for (i = 1; i <= header_count; i++)
		print_file(headers[i])
	for (i = 2; i < ARGC; i++)
		if (ARGV[i] in text)
			print_file(ARGV[i])
	print_file(ARGV[1])
	exit
}
