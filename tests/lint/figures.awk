# The figures of the code, from three kinds of lines on standard input:
#
#     allowed LINES WHAT      (an exception: a file, FILE: NAME(), STAGE: lesson)
#     function NAME FILE FIRST LAST        (from ctags)
#     file FILE LINES COMMENT-LINES        (blank lines are not counted)
#
# Prints a table by directory, and one of what a reader of each stage faces: its
# lesson, what is beyond it, and the rooms of stage 10.  Exits with 1 if a
# function is over 50 lines, a file over 400, a header over 60, or a lesson, the
# .c files beside main.c, over 250; -v quiet=1 prints only those.

function directory(path) {
	return path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : "."
}

function add(list, value) {
	values[list, ++count[list]] = value
}

# The value below which `part` of the list lies.
function percentile(list, part,    i, j, n, held) {
	n = count[list]
	for (i = 2; i <= n; i++) {
		held = values[list, i]
		for (j = i - 1; j > 0 && values[list, j] > held; j--)
			values[list, j + 1] = values[list, j]
		values[list, j + 1] = held
	}
	i = int(n * part + 0.999)
	return n ? values[list, i > 0 ? i : 1] : 0
}

function too_long(what, lines, most) {
	if (what in allowed) {
		most = allowed[what]
	}
	if (lines <= most)
		return
	print what ": " lines " lines, " most " are allowed"
	bad = 1
}

function row(name) {
	printf "%-26s %5d %7d %7d %5d %8d %6d %8d %8.0f%%\n", name, \
		count[name, "file"], all_lines[name], \
		percentile(name SUBSEP "file", 0.5), \
		count[name, "function"], \
		percentile(name SUBSEP "function", 0.5), \
		percentile(name SUBSEP "function", 0.9), \
		percentile(name SUBSEP "function", 1), \
		100 * comments[name] / (lines[name] ? lines[name] : 1)
}

# Where a line of a stage counts; a tool with a main() of its own is no lesson.
function part(path, parts) {
	if (split(path, parts, "/") > 2)
		return parts[2]
	if (path ~ /\/main\.c$/)
		return "main"
	return path in is_program ? "tool" : path ~ /\.h$/ ? "header" : "lesson"
}

function stage_row(stage) {
	printf "%-20s %8d %8d %8d %8d\n", stage, held[stage, "main"], \
		held[stage, "lesson"], held[stage, "header"], \
		held[stage, "beyond"]
	sum["lesson"] += held[stage, "lesson"]
	sum["header"] += held[stage, "header"]
	sum["beyond"] += held[stage, "beyond"]
}

$1 == "allowed" {
	lines_allowed = $2
	sub(/^allowed [0-9]* /, "")
	allowed[$0] = lines_allowed
}

$1 == "function" {
	length_ = $5 - $4 + 1
	if ($2 == "main")
		is_program[$3] = 1
	too_long($3 ": " $2 "()", length_, 50)
	add(directory($3) SUBSEP "function", length_)
	add("all" SUBSEP "function", length_)
}

$1 == "file" {
	too_long($2, $3, $2 ~ /\.h$/ ? 60 : 400)
	name = directory($2)
	if (!(name in lines))
		names[++name_count] = name
	if (name ~ /^[01][0-9]-/) {
		stage = $2
		sub(/\/.*/, "", stage)
		held[stage, part($2)] += $3
		if (stage ~ /^10-/)
			runtime[part($2) == "speed"] += $3
		if (!(stage in stage_seen))
			stages[++stage_count] = stage
		stage_seen[stage] = 1
	}
	all_lines[name] += $3
	all_lines["all"] += $3
	add(name SUBSEP "file", $3)
	add("all" SUBSEP "file", $3)
	lines[name] += $4
	lines["all"] += $4
	comments[name] += $5
	comments["all"] += $5
}

END {
	for (i = 1; i <= stage_count; i++)
		if (stages[i] !~ /^10-/)
			too_long(stages[i] ": lesson", held[stages[i], "lesson"], 250)
	if (quiet)
		exit bad
	printf "%-26s %5s %7s %7s %5s %8s %6s %8s %9s\n", "", "files", \
		"lines", "median", "func-", "median", "90 %", "longest", "comments"
	printf "%-26s %5s %7s %7s %5s %8s %6s %8s\n", "", "", "", "lines", \
		"tions", "lines", "lines", "lines"
	for (i = 1; i <= name_count; i++)
		row(names[i])
	row("all")
	printf "\n%-20s %8s %8s %8s %8s\n", "", "main.c", "lesson", \
		"its .h", "beyond/"
	for (i = 1; i <= stage_count; i++)
		if (stages[i] !~ /^10-/)
			stage_row(stages[i])
	printf "%-20s %8s %8d %8d %8d\n", "01 to 09", "", sum["lesson"], \
		sum["header"], sum["beyond"]
	if (runtime[0])
		printf "\nStage 10 has %d lines, its rooms are above; and speed/ %d.\n", \
			runtime[0], runtime[1]
	exit bad
}
