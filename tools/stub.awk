# A header of the kit as a module that does nothing: each function that it
# declares returns 0, each table of options is empty.
#
#   awk -v name=cgroup -f tools/stub.awk mine/cgroup.h

BEGIN {
	printf "#include \"%s.h\"\n\n#include <stddef.h>\n", name
}

/^#/ {
	next
}

# Comments away; then a statement ends with a semicolon outside of braces.
{
	while (match($0, /\/\*([^*]|\*[^\/])*\*\//))
		$0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
	if (inside_comment && !sub(/.*\*\//, ""))
		next
	inside_comment = sub(/\/\*.*/, "")
	statement = statement " " $0
	depth += ($0 ~ /\{/) - ($0 ~ /\}/)
	if ($0 !~ /;[ \t]*$/ || depth > 0)
		next
	gsub(/[ \t]+/, " ", statement)
	sub(/^ /, "", statement)
	sub(/ ?; ?$/, "", statement)
	if (statement ~ /^extern const struct option_entry/)
		table(statement)
	else if (statement ~ /^[a-z_].*\(.*\)$/ &&
		 statement !~ /\{|^typedef|^static/)
		stub(statement)
	statement = ""
}

function table(text) {
	sub(/^extern /, "", text)
	printf "\n%s = {\n\t{ 0 }, /* your options before it */\n};\n", text
}

function stub(prototype,    kind) {
	kind = substr(prototype, 1, index(prototype, "(") - 1)
	sub(/[a-z0-9_]*$/, "", kind)
	printf "\n%s\n{\n", prototype
	if (kind ~ /\*/)
		print "\treturn NULL; /* your code */"
	else if (kind == "void ")
		print "\t/* your code */"
	else if (kind ~ /^struct /)
		printf "\treturn (%s){ 0 }; /* your code */\n", substr(kind, 1, length(kind) - 1)
	else
		print "\treturn 0; /* your code */"
	print "}"
}
