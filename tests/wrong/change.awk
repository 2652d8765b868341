# A change to a solution: prints the solution with it, or fails.
#
#   awk -f change.awk SCRIPT SOLUTION.c
#
#     @this@that       in the first line that has it, each means itself
#     -a line          lines without what they begin with, as they stand
#     +another         ... and what is there instead

NR == FNR {
	script[++steps] = $0
	next
}

{
	line[++lines] = $0
}

function bare(text) {
	sub(/^[ \t]+/, "", text)
	return text
}

function fail(what) {
	printf "the solution does not have: %s\n", what > "/dev/stderr"
	failed = 1
	exit 1
}

function replace(old, new,    i, at) {
	for (i = 1; i <= lines; i++) {
		at = index(line[i], old)
		if (at == 0)
			continue
		line[i] = substr(line[i], 1, at - 1) new \
			substr(line[i], at + length(old))
		return
	}
	fail(old)
}

# The lines of the step `from` to before `to`, each with its sign.
function exchange(from, to,    count, i, k, new) {
	for (k = from; k < to; k++)
		if (substr(script[k], 1, 1) == "-")
			old[++count] = bare(substr(script[k], 2))
		else
			new = new substr(script[k], 2) "\n"
	for (i = 1; i + count - 1 <= lines; i++) {
		for (k = 1; k <= count && bare(line[i + k - 1]) == old[k]; k++)
			;
		if (k <= count)
			continue
		line[i] = new
		for (k = 1; k < count; k++)
			line[i + k] = ""
		return
	}
	fail(old[1])
}

END {
	if (failed)
		exit 1
	for (step = 1; step <= steps; step = next_step) {
		next_step = step + 1
		if (substr(script[step], 1, 1) == "@") {
			split(script[step], part, "@")
			replace(part[2], part[3])
			continue
		}
		while (next_step <= steps && \
		       substr(script[next_step], 1, 1) == "-" && \
		       substr(script[next_step - 1], 1, 1) == "-")
			next_step++
		while (next_step <= steps && substr(script[next_step], 1, 1) == "+")
			next_step++
		exchange(step, next_step)
	}
	for (i = 1; i <= lines; i++)
		print line[i]
}
