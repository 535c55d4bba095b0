# Turns our core SQL into PostgreSQL's by the listed, textual translation, and nothing beyond it:
#     STRICT and WITHOUT ROWID dropped, INTEGER to BIGINT, BLOB to BYTEA, REAL to DOUBLE PRECISION,
#     :name to $n
# awk -f translate.awk MIGRATION.sql                   the same, translated
# awk -v queries=1 -v start=N -f translate.awk FILE... a psql script that PREPAREs each query and
#                                                      answers TAP, numbered from N+1

BEGIN {
	type["INTEGER"] = "BIGINT"
	type["BLOB"] = "BYTEA"
	type["REAL"] = "DOUBLE PRECISION"
	of["int"] = "BIGINT"
	of["text"] = "TEXT"
	of["real"] = "DOUBLE PRECISION"
	of["blob"] = "BYTEA"
	number = start + 0
}

# The end of the text, comment or word that S begins with: how many bytes it has.
function length_of(s) {
	if (match(s, /^--[^\n]*/) || match(s, /^'[^']*'/) || match(s, /^"[^"]*"/) ||
	    match(s, /^\/\*([^*]|\*[^\/])*\*\//) || match(s, /^:[a-z][a-z0-9_]*/) || match(s, /^[A-Za-z0-9_]+/))
		return RLENGTH
	return 1
}

function translate(s,    out, n, word, upper) {
	for (out = ""; s != ""; s = substr(s, n + 1)) {
		n = length_of(s)
		word = substr(s, 1, n)
		upper = toupper(word)
		if (upper == "STRICT" || upper == "ROWID" || upper == "WITHOUT") {
			sub(/,[ \t\n]*$/, "", out)
			word = ""
		} else if (upper in type)
			word = type[upper]
		else if (word ~ /^:./ && (substr(word, 2) in place))
			word = "$" place[substr(word, 2)]
		else if (word ~ /^--/ || word ~ /^\/\*/)
			word = " "
		out = out word
	}
	return out
}

# "name(a int, b text?)": fills PLACE, answers the types
function declare(header,    i, n, part, pair, list) {
	split("", place)
	sub(/^[^(]*\(/, "", header)
	sub(/\).*/, "", header)
	n = split(header, part, ",")
	for (i = 1; i <= n && part[i] ~ /[a-z]/; i++) {
		split(part[i], pair, " ")
		sub(/\?/, "", pair[2])
		place[pair[1]] = i
		list = list (i > 1 ? ", " : "") of[pair[2]]
	}
	return list
}

function prepare(    what) {
	what = FILENAME ":" line ": " name
	number++
	types = declare(header)
	sub(/;[ \t\n]*$/, "", sql)
	printf "PREPARE p%d%s AS %s;\n", number, types == "" ? "" : " (" types ")", translate(sql)
	printf "\\if :ERROR\n\\echo 'not ok %d - %s'\n\\echo '#  ' :LAST_ERROR_MESSAGE\n", number, what
	printf "\\else\n\\echo 'ok %d - %s'\n\\endif\n", number, what
	name = ""
}

!queries {
	all = all $0 "\n"
	next
}

name == "" && /^-- [a-z-]+: [a-z0-9_]+\(/ {
	name = $3
	sub(/\(.*/, "", name)
	header = substr($0, index($0, ": ") + 2)
	line = FNR
	sql = ""
	next
}

name != "" && sql == "" && header !~ /\)/ {
	header = header " " substr($0, 3)
	next
}

name != "" {
	sql = sql $0 "\n"
	if (/;[ \t]*$/)
		prepare()
}

END {
	if (!queries)
		printf "%s", translate(all)
}
