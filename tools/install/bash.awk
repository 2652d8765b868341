# Completion for bash, from what table.sh printed:  awk -v program=NAME -f bash.awk OPTIONS
#
# An option is written NAME, or NAME=ARGUMENT: the argument's word tells what may
# follow it (DIR, FILE, PATH, one|other).

BEGIN { FS = "\t" }

$1 == "summary" {
	order[++count] = $2
	takes[$2] = $3
	next
}
{
	word = $5 == "-" ? "" : "=" $5
	list[$2] = list[$2] " --" $4 word ($3 == "-" ? "" : " -" $3 word)
}

function quoted(text) { return "'" text "'" }

END {
	name = program
	gsub(/-/, "_", name)
	print "# Completion of " program " for bash; made by bash.awk."
	print "# shellcheck shell=bash"
	print "_" name "_options() {"
	print "    case $1 in"
	for (i = 1; i <= count; i++)
		printf "    %s) echo %s ;;\n", quoted(order[i]), quoted(substr(list[order[i]], 2))
	print "    esac"
	print "}\n"
	print "_" name "_words() {"
	print "    case $1 in"
	for (i = 1; i <= count; i++)
		if (order[i] != "" && order[i] != "help") {
			verbs = verbs " " order[i]
			if (takes[order[i]] ~ / ID/)
				ids = ids (ids ? " | " : "") order[i]
		}
	if (verbs)
		printf "    verbs) echo %s ;;\n", quoted(substr(verbs, 2) " help")
	if (ids)
		printf "    %s) %s list --quiet 2>/dev/null ;;\n", ids, program
	print "    esac"
	print "}\n"
	while ((getline line < "tools/install/bash.in") > 0) {
		gsub(/@name/, name, line)
		print line
	}
	print "complete -F _" name " " program
}
