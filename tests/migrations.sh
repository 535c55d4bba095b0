#!/bin/sh
# Migrations are numbered without gaps, and the released ones, which db/migrations/SUMS lists as
# sha256sum does, have not changed since: a file that is out there has had them as they were.
# A release adds its migrations:  (cd db/migrations && sha256sum 0*.sql >SUMS)
# TAP; run from anywhere.
set -u
cd "$(dirname "$0")/.." || exit 1
dir=db/migrations
n=0
failed=0

# check WHAT STATUS: 0 is good
check() {
	n=$((n + 1))
	if [ "$2" = 0 ]; then
		echo "ok $n - $1"
	else
		failed=1
		echo "not ok $n - $1"
	fi
}

# sums_hold FOLDER: 0 when every file that its SUMS lists is as it was
sums_hold() {
	[ -f "$1/SUMS" ] || return 1
	[ ! -s "$1/SUMS" ] || (cd "$1" && sha256sum --check --strict --quiet SUMS 2>&1 | sed 's/^/#   /' |
		{ ! grep .; })
}

next=1
for file in "$dir"/*.sql; do
	[ -e "$file" ] || continue
	name=${file##*/}
	case $name in
	"$(printf %04d $next)"_*) check "$name is number $next" 0 ;;
	*) check "$name is number $next" 1 ;;
	esac
	next=$((next + 1))
done
sums_hold "$dir"
check "the released migrations are as they were" $?

# The check itself, on files of its own.
own=$(mktemp -d) || exit 1
trap 'rm -rf "$own"' EXIT
sums_hold "$own" >"$own/said"
check "without SUMS it fails" $((! $?))
echo 'CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;' >"$own/0001_a.sql"
: >"$own/SUMS"
sums_hold "$own" >"$own/said"
check "an empty SUMS is fine" $?
(cd "$own" && sha256sum 0001_a.sql >SUMS)
echo 'CREATE TABLE b (id INTEGER PRIMARY KEY) STRICT;' >"$own/0002_b.sql"
sums_hold "$own" >"$own/said"
check "so is one that matches, with a newer migration beside it" $?
echo '-- changed' >>"$own/0001_a.sql"
sums_hold "$own" >"$own/said"
check "a changed migration fails" $((! $?))
grep -q 0001_a.sql "$own/said"
check "and is named" $?
rm "$own/0001_a.sql"
sums_hold "$own" >"$own/said"
check "a missing one fails" $((! $?))
echo 'not a sum' >"$own/SUMS"
sums_hold "$own" >"$own/said"
check "a line that is not a sum fails" $((! $?))

echo "1..$n"
exit $failed
