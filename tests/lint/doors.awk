# The doors between a lesson and beyond/:  awk -f doors.awk FILE...
#
# The files of a stage's directory itself, 01 to 09, are its lesson.  They call
# their own beyond/ by at most four headers, each of which is named after the
# question that it answers; and no other stage's.  A later beyond/ may, and
# stage 10.
BEGIN {
	most = 4
}

function wrong(what) {
	print what
	bad = 1
}

{
	stage = FILENAME
	sub(/\/.*/, "", stage)
}

FILENAME !~ /^0[1-9]-[^\/]*\/[^\/]*$/ {
	nextfile
}

/^#include ".*\/beyond\// {
	split($2, name, "\"")
	door = name[2]
	if (index(door, stage "/") != 1)
		wrong(FILENAME ":" FNR ": \"" door "\" is beyond another lesson")
	else if (!(door in seen)) {
		seen[door] = 1
		doors[stage] = doors[stage] " " door
		count[stage]++
	}
}

END {
	for (stage in count)
		if (count[stage] > most)
			wrong(stage ": " count[stage] " doors to beyond/, " most \
				" are allowed:" doors[stage])
	exit bad
}
