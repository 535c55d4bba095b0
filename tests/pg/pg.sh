#!/bin/sh
# The door to PostgreSQL stays open: every core migration runs there, and every core query can be
# prepared there, after the translation that translate.awk lists. The server is a fresh one in a folder
# of its own, on a socket there, and ends with the test.
# TAP; run from anywhere. Needs Debian's postgresql-15; without it all is skipped.
set -u
cd "$(dirname "$0")/../.." || exit 1
bin=/usr/lib/postgresql/15/bin
if [ ! -x $bin/initdb ]; then
	echo "1..0 # SKIP PostgreSQL 15 is not installed (apt-get install postgresql-15)"
	exit 0
fi
export LC_ALL=C PGTZ=UTC
dir=$(mktemp -d) || exit 1
if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
	user=postgres
	chown $user "$dir"
	as() { setpriv --reuid=$user --regid=$user --clear-groups "$@"; }
else
	as() { "$@"; }
fi
stop() {
	[ ! -f "$dir/data/postmaster.pid" ] ||
		as timeout 60 $bin/pg_ctl -D "$dir/data" -m immediate stop >/dev/null 2>&1
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM

if ! (cd "$dir" && as timeout 120 $bin/initdb -D "$dir/data" -A trust -U tribune -E UTF8 --no-sync \
	--no-instructions && as timeout 60 $bin/pg_ctl -D "$dir/data" -l "$dir/log" -w -t 50 \
	-o "-k $dir -c listen_addresses='' -c fsync=off" start) >"$dir/out" 2>&1; then
	echo "Bail out! PostgreSQL does not start: $(tail -n 3 "$dir/out")"
	exit 1
fi
n=0
failed=0

# sql DATABASE: runs the standard input there
sql() {
	$bin/psql -X -q -h "$dir" -U tribune -d "$1" -v ON_ERROR_STOP="$2" 2>"$dir/err"
}

# migrate DATABASE FILE...
migrate() {
	database=$1
	shift
	echo "CREATE DATABASE $database" | sql postgres 1 || exit 1
	for file; do
		n=$((n + 1))
		if { echo 'BEGIN;' && awk -f tests/pg/translate.awk "$file" && echo 'COMMIT;'; } |
			sql "$database" 1 >"$dir/out"; then
			echo "ok $n - $file"
		else
			failed=1
			echo "not ok $n - $file"
			sed 's/^/#   /' "$dir/err"
		fi
	done
}

# prepare DATABASE FILE...: prints a line of TAP for each query, and counts them
prepare() {
	database=$1
	shift
	awk -v queries=1 -v start=$n -f tests/pg/translate.awk "$@" | sql "$database" 0 >"$dir/out"
	n=$((n + $(grep -c '^\(not \)\{0,1\}ok ' "$dir/out")))
}

migrate sample tests/tools/sqlc/ok/schema.sql
prepare sample tests/tools/sqlc/ok/sample.sql
cat "$dir/out"
! grep -q '^not ok' "$dir/out" || failed=1

before=$n
prepare sample tests/pg/bad.sql
n=$before
for name in $(sed -n 's/^-- [a-z]*: \(bad_[a-z]*\)(.*/\1/p' tests/pg/bad.sql); do
	n=$((n + 1))
	if grep -q "^not ok .*: $name\$" "$dir/out"; then
		echo "ok $n - $name is noticed"
	else
		failed=1
		echo "not ok $n - $name is noticed"
	fi
done

set -- db/migrations/*.sql
if [ -e "$1" ]; then
	migrate core "$@"
	set --
	for file in src/*/*.sql; do
		case $file in
		*_public.sql | *_publish.sql | 'src/*/*.sql') ;;
		*) set -- "$@" "$file" ;;
		esac
	done
	if [ $# -gt 0 ]; then
		prepare core "$@"
		cat "$dir/out"
		! grep -q '^not ok' "$dir/out" || failed=1
	fi
fi
echo "1..$n"
exit $failed
