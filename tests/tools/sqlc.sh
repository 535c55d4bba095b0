#!/bin/sh
# sqlc refuses each file of tests/tools/sqlc/bad for the one thing that is wrong in it. The first line
# of the file says on which side it stands, on which line the complaint comes, and how it begins:
#     -- bad: SIDE LINE MESSAGE
# Also here: what the C compiler refuses, since the types of the two sides do not convert.
#
#     tests/tools/sqlc.sh SQLC        (TAP; run from anywhere; CC is the compiler, cc when unset)
set -u
sqlc=$(realpath "${1:?the program sqlc}")
cd "$(dirname "$0")/../.." || exit 1
schema=tests/tools/sqlc/ok/schema.sql
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
n=0
failed=0

# check WHAT GOT WANT: GOT begins with WANT
check() {
	n=$((n + 1))
	case $2 in
	"$3"*) echo "ok $n - $1" ;;
	*)
		failed=1
		printf 'not ok %d - %s\n#   got:  %s\n#   want: %s\n' "$n" "$1" "$2" "$3"
		;;
	esac
}

for file in tests/tools/sqlc/bad/*.sql; do
	read -r dashes bad side line message <"$file"
	[ "$dashes $bad" = "-- bad:" ] || message="(the first line is not -- bad: ...)"
	got=$("$sqlc" "$side" "$file" "$out/x.h" "$out/x.c" "$schema" 2>&1)
	check "$(basename "$file" .sql)" "$? $got" "1 $file:$line: $message"
done
check "nothing was written for a bad file" "$(ls "$out")" ""

printf 'CREATE TABLE a (id INTEGER) STRICT;\n\nCREATE TABLE b (id INTEGR) STRICT;\n' >"$out/bad.sql"
got=$("$sqlc" core "$out/bad.sql" "$out/x.h" "$out/x.c" "$out/bad.sql" 2>&1)
check "an error in the schema" "$? $got" "1 $out/bad.sql:3: unknown datatype for b.id: \"INTEGR\""
got=$("$sqlc" core none.sql "$out/x.h" "$out/x.c" 2>&1)
check "no such file" "$? $got" "1 none.sql:0: cannot be read"
got=$("$sqlc" private none.sql "$out/x.h" "$out/x.c" 2>&1)
check "no such side" "$? $got" "2 usage: sqlc core|public|publish"

for part in "" _public _publish; do
	side=${part#_}
	"$sqlc" "${side:-core}" "tests/tools/sqlc/ok/sample$part.sql" \
		"$out/sample${part}_sql.h" "$out/sample${part}_sql.c" "$schema" || exit 1
done

# compiles BODY: 0 when the C compiler takes a function of that body
compiles() {
	printf '#include "sample_sql.h"\n#include "sample_public_sql.h"\n#include "sample_publish_sql.h"\n
	enum err try(struct core *core, struct public *public, struct publish *publish, arena *a)
	{ struct state_by_code s; struct shown_list *l; size_t n; (void)core, (void)public, (void)publish;
	  (void)s, (void)l, (void)n; (void)a; %s }\n' "$1" |
		${CC:-cc} -std=gnu11 -Werror -Isrc -I"$out" -x c -c - -o "$out/x.o" >/dev/null 2>&1
	echo $?
}
page='return state_by_code(core, a, S("FRA"), &s);'
check "a query of the core with the core" "$(compiles "$page")" 0
check "a reader's page that asks the core" "$(compiles 'return state_by_code(public, a, S("FRA"), &s);')" 1
check "a reader's page with the core's connection" \
	"$(compiles 'return shown_list(core, a, S("[]"), &l, &n);')" 1
check "a reader's page that writes" "$(compiles 'return shown_put(public, S("FRA"), S("France"));')" 1
check "the publisher writes" "$(compiles 'return shown_put(publish, S("FRA"), S("France"));')" 0
check "text where a number belongs" "$(compiles 'return rec_remove(core, S("1"), (int64_t *)a);')" 1
check "an error that nobody looks at" "$(compiles 'tag_add(core, 1, S("media")); return OK;')" 1

echo "1..$n"
exit $failed
