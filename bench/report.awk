# From the lines of measure.c to a table:  report.awk results.txt
# With -v plot=1: to the data of the plot.
#
# Medians, because somebody else's work makes some runs long and none short.

function median(list,    n, i, j, each, a) {
	n = split(list, a, " ")
	for (i = 2; i <= n; i++) {
		each = a[i] + 0
		for (j = i - 1; j > 0 && a[j] + 0 > each; j--)
			a[j + 1] = a[j]
		a[j + 1] = each
	}
	return (a[int((n + 1) / 2)] + a[int((n + 2) / 2)]) / 2
}

function ms(us) { return us < 99950 ? sprintf("%.1f", us / 1000) : sprintf("%.0f", us / 1000) }

function ratio(of, to) { return to ? sprintf("%.2f", of / to) : "" }

$1 == "calls" { if (NF == 3) calls[$2] = $3; next }
$1 == "machine" { key = $2; sub(/^machine [^ ]+ /, ""); machine[key] = $0; next }
$1 == "version" { key = $2; sub(/^version [^ ]+ /, ""); versions = versions "; " key ": " $0; next }
$1 == "left" { left = left $3 " containers of " $2 " were left behind.  "; next }
{
	split($1, part, ":")
	if (!(part[1] in seen)) { seen[part[1]] = 1; scenario[++scenarios] = part[1] }
	if (!(part[2] in known)) { known[part[2]] = 1; runtime[++runtimes] = part[2] }
	wall[$1] = wall[$1] " " $3
	cpu[$1] = cpu[$1] " " $4
	total[$1] = $2
	if ($5 > peak[$1]) peak[$1] = $5
	failed[$1] += $6
	times[$1]++
}

function row(name, where,    w, c) {
	w = median(wall[name]); c = median(cpu[name])
	printf "| %s | %s | %s | %d | %s | %s | %s |%s", where, ms(w), ms(c), peak[name], calls[name],
		ratio(c, median(cpu[one ":crun"])), ratio(c, median(cpu[one ":floor"])), \
		(total[name] > 1 ? sprintf(" %.0f | %d |", total[name] * 1e6 / w, failed[name]) : "")
	print ""
	if (total[name] == 1 && failed[name])
		notes = notes sprintf("%s: %d of %d failed.  ", name, failed[name], times[name])
}

END {
	count = split("run create-start-delete exec 100-in-sequence 100-at-once 500-at-once", order, " ")
	if (plot) {
		for (i = 1; i <= runtimes; i++) {
			line = runtime[i]
			for (j = 1; j <= 3; j++)
				line = line " " (median(cpu[order[j] ":" runtime[i]]) / 1000)
			if (line !~ /( 0){3}$/)
				print line
		}
		exit
	}
	printf "Measured on %s, %d cores, %s, on %s; medians of %d rounds.%s\n", machine["cpu"],
		machine["cores"], machine["kernel"], machine["date"], machine["rounds"], \
		machine["note"] ? "  (" machine["note"] ".)" : ""
	for (s = 1; s <= count; s++) {
		one = order[s]
		if (!(one in seen))
			continue
		words = one; gsub(/-/, " ", words)
		many = one ~ /^[0-9]/
		printf "\n**%s**\n\n", words
		printf "| | wall ms | cpu ms | peak KiB | system calls | cpu, of crun's | cpu, of the floor's |%s\n", \
			many ? " per second | failed |" : ""
		printf "| --- | --- | --- | --- | --- | --- | --- |%s\n", many ? " --- | --- |" : ""
		for (i = 1; i <= runtimes; i++)
			if ((one ":" runtime[i]) in wall)
				row(one ":" runtime[i], runtime[i])
	}
	printf "\nTo start a program that only ends takes %s ms of cpu time (fork and exec).  %s%s\n", \
		ms(median(cpu["nothing:fork+exec"])), notes, left
	printf "\nVersions: %s.\n", substr(versions, 3)
}
