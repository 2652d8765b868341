# Reads a tutorial, runs its console blocks, and compares what they print.
#
# In a block, a line that starts with "$ " is a command ("> " continues it);
# the lines after it are what it printed.  Everything in one block runs in one
# shell.  A comment before a block says how it differs from the others:
#
#   <!-- not run: why -->        the block is only checked for being marked
#   <!-- needs: TEST -->         skipped where the shell command TEST fails
#   <!-- as: user -->            only an ordinary user may run it
#   <!-- as: owner -->           writes into the clone: root runs it
#
# In the expected text "..." stands for anything, on a line of its own for any
# number of lines, and numbers of four or more digits (process ids, inode
# numbers) all compare equal; so do blanks, however many.
#
# With -v update=1 the tutorial is printed again with the real output in
# place of what did not match.

function squeeze(text) {
	gsub(/[0-9][0-9][0-9][0-9]+/, "N", text)
	gsub(/[ \t]+/, " ", text) # columns are as wide as what is in them
	sub(/[ \t\r]+$/, "", text) # \r: printed by a terminal
	gsub(/‘|’/, "'", text) # coreutils, where the locale has them
	sub(/^sh: line [0-9]+: /, "sh: ", text) # busybox 1.38
	return text
}

function quote(text,  out, i, c) {
	out = ""
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		out = out (index("\\^$.[]|()*+?{}", c) ? "[" c "]" : c)
	}
	gsub(/\[\\\]/, "\\\\", out)
	gsub(/\[\^\]/, "\\^", out)
	return out
}

function line_matches(expected, actual,  count, parts, i, regex) {
	expected = squeeze(expected)
	actual = squeeze(actual)
	if (expected == actual)
		return 1
	if (!index(expected, "..."))
		return 0
	count = split(expected, parts, "[.][.][.]")
	regex = "^"
	for (i = 1; i <= count; i++)
		regex = regex (i > 1 ? ".*" : "") quote(parts[i])
	return actual ~ (regex "$")
}

# Do expected lines e.. match actual lines a.. ?
function matches(c, e, a) {
	for (; e <= wanted[c]; e++) {
		if (want[c, e] == "...") {
			if (e == wanted[c])
				return 1
			for (; a <= got[c] + 1; a++)
				if (matches(c, e + 1, a))
					return 1
			return 0
		}
		if (a > got[c] || !line_matches(want[c, e], have[c, a]))
			return 0
		a++
	}
	return a == got[c] + 1
}

function shell(command) {
	return system(command) == 0
}

function run_block(  c, script, line, current) {
	script = scratch "/block.sh"
	print settle > script
	print "started=" >> script
	for (c = 1; c <= commands; c++) {
		printf "echo '@@%d'\n%s\n", c, command[c] >> script
		if (command[c] ~ /&$/)
			print "started=\"$started $!\"; settle $!" >> script
	}
	print "echo '@@0'" >> script
	# The program gets to clean up if the container ends first.
	print "for p in $started; do sudo pkill -KILL -P $p; sudo kill $p; done" >> script
	print "wait" >> script
	close(script)
	system(runs_as[as] " sh " script " > " \
	       scratch "/output 2>&1 < /dev/null")
	current = 0
	while ((getline line < (scratch "/output")) > 0) {
		if (line ~ /^@@[0-9]+$/) {
			current = substr(line, 3) + 0
			got[current] = 0
		} else if (match(line, /@@[0-9]+$/)) {
			have[current, ++got[current]] = substr(line, 1, RSTART - 1)
			current = substr(line, RSTART + 2) + 0
			got[current] = 0
		} else
			have[current, ++got[current]] = line
	}
	close(scratch "/output")
}

function finish_block(  c, i, ok) {
	if (why_not) {
		skipped++
		if (!update)
			printf "skip %s:%d: %s\n", FILENAME, start, why_not
	} else
		run_block()
	for (c = 1; c <= commands; c++) {
		ok = why_not || matches(c, 1, 1)
		if (!why_not)
			ok ? passed++ : failed++
		if (update)
			print_command(c, ok)
		else if (!ok)
			complain(c)
	}
}

function print_command(c, ok,  i) {
	print typed[c]
	for (i = 1; i <= (ok ? wanted[c] : got[c]); i++)
		print ok ? want[c, i] : have[c, i]
}

function complain(c,  i) {
	printf "FAIL %s:%d: $ %s\n", FILENAME, start, command[c]
	for (i = 1; i <= wanted[c]; i++)
		print "  expected: " want[c, i]
	for (i = 1; i <= got[c]; i++)
		print "  printed:  " have[c, i]
}

# Only the runner types faster than a container starts.  So it waits a second,
# and longer if what was started has not become its last command by then.
BEGIN {
	passed = failed = skipped = 0
	runs_as[""] = run_as_reader
	runs_as["user"] = run_as_user
	settle = "settle() {\n" \
		"  for try in 1 .1 .1 .1 .2 .2 .2 .5 .5 1 1 1 1 1; do\n" \
		"    timeout $try tail -f /dev/null\n" \
		"    last=$1\n" \
		"    while child=$(pgrep -n -P $last); do last=$child; done\n" \
		"    case $(cat /proc/$last/comm 2> /dev/null) in\n" \
		"    sh | sudo | unshare | nft | [01][0-9]-*) ;;\n" \
		"    *) return ;;\n" \
		"    esac\n" \
		"  done\n" \
		"}"
}

/^<!-- not run: / { sub(/^<!-- not run: /, ""); why_not_next = $0; sub(/ *-->$/, "", why_not_next) ; if (update) print "<!-- not run: " $0; next }
/^<!-- as: / { as_next = $3 }
/^<!-- needs: / {
	test = $0
	sub(/^<!-- needs: /, "", test)
	sub(/ *-->$/, "", test)
	if (!shell("{ " test "; } > /dev/null 2>&1"))
		why_not_next = "needs " test
}

/^```console$/ {
	if (update) print
	inside = 1; commands = 0; start = FNR
	why_not = why_not_next; as = as_next
	why_not_next = as_next = ""
	next
}

inside && /^```$/ { finish_block(); inside = 0; if (update) print; next }

inside && /^\$ / {
	command[++commands] = substr($0, 3)
	typed[commands] = $0
	wanted[commands] = got[commands] = 0
	next
}

inside && /^> / && wanted[commands] == 0 {
	command[commands] = command[commands] "\n" substr($0, 3)
	typed[commands] = typed[commands] "\n" $0
	next
}

inside { want[commands, ++wanted[commands]] = $0; next }

update { print }

END {
	if (!update)
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
	exit failed > 0 && !update
}
