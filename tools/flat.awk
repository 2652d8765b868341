# A whole program as one file:
#
#     awk -v build=build -f flat.awk MAIN.c MODULE.c... >one.c
#
# From main.c on, every header that is included is needed, and so is every
# module whose first include is a header that is needed (its own).  Headers
# come out in the order in which they depend on each other, then the modules
# in the order of the stages, then main.c.  A generated table (.inc, in the
# build directory) is put where it was included.

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

function need_header(header,    i) {
	if (header in is_needed)
		return
	is_needed[header] = 1
	need_includes(header)
	headers[++header_count] = header
	for (i = 2; i < ARGC; i++)
		if (own_header(ARGV[i]) == header)
			need_includes(ARGV[i])
}

function need_includes(file,    i) {
	read_file(file)
	for (i = 1; i <= include_count[file]; i++)
		need_header(includes[file, i])
}

# The header of the module's own directory that a module includes first.
function own_header(file,    line, name, found) {
	if (file in own)
		return own[file]
	while ((getline line < file) > 0 && !found)
		if (line ~ /^#include "/) {
			split(line, name, "\"")
			found = name[2]
		}
	close(file)
	own[file] = found
	return found
}

function print_file(file) {
	printf "\n/* ======== %s ======== */\n\n%s", file, text[file]
}

BEGIN {
	need_includes(ARGV[1])
	printf "/* %s and all it uses, in one file.  Build it with\n", ARGV[1]
	printf " *     cc -o program FILE.c -lcap%s */\n", \
		ARGV[1] ~ /^10/ ? " -lseccomp -ljansson" : ""
	print "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#endif\n"
	for (i = 1; i <= system_count; i++)
		print systems[i]
	for (i = 1; i <= header_count; i++)
		print_file(headers[i])
	for (i = 2; i < ARGC; i++)
		if (own_header(ARGV[i]) in is_needed && ARGV[i] in text)
			print_file(ARGV[i])
	print_file(ARGV[1])
	exit
}
