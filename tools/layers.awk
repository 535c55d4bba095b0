# Checks LAYERS: awk -f tools/layers.awk LAYERS FILE...   (FILE: src/ROOM/NAME.c or .h)
# Prints "file:line: reason" for every #include that the table does not allow; exit 1 when there is one.

function kind_of(room, name) {
	if (room in allowed)
		return room
	sub(/\.[ch]$/, "", name)
	sub(/_view$/, "_web", name) # what pages show
	if (match(name, /_(web|edit|cli|index|publish)$/))
		return "slice" substr(name, RSTART)
	return name ~ /_import(_|$)/ ? "slice_import" : "slice"
}

function complain(why) {
	printf "%s:%d: %s\n", FILENAME, FNR, why
	bad = 1
}

FILENAME == ARGV[1] {
	sub(/#.*/, "")
	if (split($0, part, ":") != 2)
		next
	gsub(/[ \t]/, "", part[1])
	if (part[1] == "order") {
		n = split(part[2], names, " ")
		for (i = 1; i <= n; i++)
			place[names[i]] = i
	} else
		allowed[part[1]] = " " part[2] " "
	next
}

FNR == 1 {
	n = split(FILENAME, dir, "/")
	room = dir[n - 1]
	kind = kind_of(room, dir[n])
	free = dir[n] ~ /^test_/ || dir[n] == "main.c"
	if (!free && !(room in allowed) && !(room in place))
		complain("folder " room " is neither a library nor in the order of slices")
}

/^#include </ {
	split($0, q, /[<>]/)
	if (q[2] == "sqlite3.h" && room != "db")
		complain("only db/ includes <sqlite3.h>")
	if (q[2] == "microhttpd.h" && room != "http")
		complain("only http/ includes <microhttpd.h>")
}

/^#include "/ && !free {
	split($0, q, "\"")
	if (split(q[2], to, "/") != 2 || to[1] == room)
		next
	if (to[1] in allowed) {
		if (!index(allowed[kind], " " to[1] " "))
			complain(kind " may not include " q[2])
	} else if (!(to[1] in place))
		complain(q[2] ": no such library or slice in LAYERS")
	else if (!index(allowed[kind], " slices ") || place[to[1]] > place[room])
		complain(room " may not include " q[2] ", which stands above it")
	else if (room != "app" && to[2] != to[1] ".h" && to[2] != to[1] "_index.h" &&
		!(kind == "slice_web" && to[2] == to[1] "_web.h"))
		complain(room " sees of " to[1] " only " to[1] ".h and " to[1] "_index.h, its pages " to[1] "_web.h too, not " to[2])
}

END { exit bad }
