# Where is it?  awk -f prefixes.awk HEADER... FILE.c...
#
# A function's first word says so: net_find() is declared in a header net_*.h,
# and defined in a net_*.c beside it ("limit_" and "limits_" are one word).
BEGIN {
	also["engine"] = "log pid" # what an engine reads
	also["filter"] = "bpf"     # the instructions of which it is made
	also["delete"] = "sweep lost" # the end of those that nobody deleted
	also["part"]   = "overlay"
	# Each verb is in its own file; the container has two sides; a question of
	# the lesson that is answered beyond it.
	apart["life/command.h"]
	apart["life/container.h"]
	apart["life/delete.h"]
	apart["userns.h"]
	apart["parts.h"]
}

function file(path) { sub(/.*\//, "", path); return path }
function room(path) { sub(/[^\/]*$/, "", path); return path }
function word(name) { sub(/[_.].*/, "", name); sub(/s$/, "", name); return name }
function within(path) { return substr(path, index(path, "/") + 1) }
function wrong(what) { print FILENAME ":" FNR ": " what; bad = 1 }

{ sub(/\/\*.*/, "") }

/^[a-z]/ && !/^(static|typedef|extern|struct [a-z_]+ \{)/ && match($0, /[a-z_0-9]+\(/) {
	name = substr($0, RSTART, RLENGTH - 1)
	own = word(file(FILENAME))
	if (FILENAME ~ /\.h$/) {
		header[name] = FILENAME
		if (index(" " own " " also[own] " ", " " word(name) " ") == 0)
			wrong(name "() has not the prefix of its file")
	} else if (name in header && !(within(header[name]) in apart) &&
	    (room(header[name]) != room(FILENAME) || word(file(header[name])) != own))
		wrong(name "() is declared in " header[name])
}

END { exit bad }
