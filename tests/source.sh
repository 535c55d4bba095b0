#!/bin/sh
# What can be seen in the sources without building them: layers, formatting, the length of functions and
# of the generators, spelling, shell scripts, documents. TAP.
#   tests/source.sh [quick]     quick: layers and lengths alone
set -u
cd "$(dirname "$0")/.." || exit 1
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
n=0 failed=0

# check WHAT STATUS: 0 is good; otherwise $out/said says why
check() {
	n=$((n + 1))
	if [ "$2" = 0 ]; then
		echo "ok $n - $1"
	else
		failed=1
		echo "not ok $n - $1"
		[ ! -f "$out/said" ] || sed 's/^/#   /' "$out/said"
	fi
	: >"$out/said"
}

# files PATTERN...: those that git knows or would add, and that are still there
files() {
	if [ -d .git ] || [ -f .git ]; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		for pattern; do find . -path "./build*" -prune -o -path "./$pattern" -type f -print | sed 's/^..//'; done
	fi | sort -u | while read -r file; do [ ! -f "$file" ] || echo "$file"; done
}

: >"$out/said"
files 'src/*.c' 'src/*.h' | xargs awk -f tools/layers.awk LAYERS >"$out/said" 2>&1
check 'every include is one that LAYERS allows' $?
printf '#include "site/app.h"\n#include <sqlite3.h>\n' >"$out/bad.c"
mkdir "$out/base" && mv "$out/bad.c" "$out/base/bad.c"
! awk -f tools/layers.awk LAYERS "$out/base/bad.c" >"$out/said" 2>&1 && [ "$(wc -l <"$out/said")" = 2 ]
check 'and one that it does not allow is found' $?

# --- Lengths. Functions over 100 lines must be in tools/lengths.allow, with the reason.
files 'src/*.c' 'src/*.h' 'tools/*.c' 'tools/*.h' 'tests/*.c' 'tests/*.h' 'bench/*.c' >"$out/c"
ctags -L "$out/c" --languages=C --langmap=C:.c.h --kinds-C=f --fields=+ne -o - 2>/dev/null | awk -F '\t' '
{
	first = last = 0
	for (i = 4; i <= NF; i++) {
		if ($i ~ /^line:/) first = substr($i, 6)
		if ($i ~ /^end:/) last = substr($i, 5)
	}
	print last - first + 1, $2, $1
}' >"$out/lengths"
[ "$(wc -l <"$out/lengths")" -gt 500 ]
check 'ctags finds the functions' $?
sed 's/#.*//' tools/lengths.allow | awk 'NR == FNR { allowed[$1 " " $2] = 1; next }
	$1 > 100 && !(($2 " " $3) in allowed) { print $2 ": " $3 " has " $1 " lines"; bad = 1 }
	END { exit bad }' - "$out/lengths" >"$out/said"
check 'no function is longer than 100 lines' $?
sed 's/#.*//' tools/lengths.allow | awk 'NR == FNR { long[$2 " " $3] = $1; next }
	NF && long[$1 " " $2] <= 100 { print $0 ": no longer needed"; bad = 1 }
	END { exit bad }' "$out/lengths" - >"$out/said"
check 'tools/lengths.allow names only those that are' $?
echo "# $(awk '$1 > 50' "$out/lengths" | wc -l) functions have more than 50 lines, the longest $(sort -rn "$out/lengths" | awk 'NR == 1 { print $1 " (" $3 " in " $2 ")" }')"

# The generators stay small enough to be read at once: lines of code without blanks and comments.
# embed: 20 lines more than its kind since films travel in the program too, by way of the assembler.
for cap in tmplc:800 sqlc:500 trc:250 embed:120 foldgen:100; do
	lines=$(gcc -fpreprocessed -dD -E -P "tools/${cap%:*}.c" 2>/dev/null | grep -c '[^[:space:]]')
	[ "$lines" -gt 0 ] && [ "$lines" -le "${cap#*:}" ]
	check "tools/${cap%:*}.c has $lines lines of code, at most ${cap#*:}" $?
done

# French has a blank before these: what stands behind a value is part of a message.
! files '*.html' | xargs grep -nE '\}\}[:;?!]([ <]|$)' >"$out/said"
check 'templates have no : ; ? or ! of their own behind a value' $?

if [ "${1-}" = quick ]; then
	echo "1..$n"
	exit $failed
fi

files '*.c' '*.h' | xargs clang-format --dry-run -Werror >"$out/said" 2>&1
check 'clang-format would change nothing' $?

codespell >"$out/said" 2>&1
check 'codespell finds no misspelt word' $?

# --- Shell.
{ files '*.sh' 'tools/*' 'tests/*' 'bench/*' run check .ci/run | while read -r file; do
	if head -n 1 "$file" | grep -q '^#!.*sh$' 2>/dev/null; then echo "$file"; fi
done; } 2>/dev/null | sort -u >"$out/scripts"
while read -r file; do
	sh -n "$file" 2>"$out/said"
	check "$file is shell" $?
done <"$out/scripts"
xargs shellcheck -x -S warning -e SC2046,SC2154 <"$out/scripts" >"$out/said" 2>&1
check 'shellcheck finds nothing in them' $?

# --- Documents.
files '*.md' | while read -r file; do
	grep -o '](\([^)#]*\)' "$file" | sed 's/^](//' | grep -v '^[a-z]*:\|^$' | while read -r to; do
		[ -e "$(dirname "$file")/$to" ] || echo "$file: $to is not there"
	done
done >"$out/said"
[ ! -s "$out/said" ]
check 'links between documents lead somewhere' $?
files '*.md' | while read -r file; do
	grep -oE '\b(src|tools|tests|docs|man|po|db|data|demo|assets|bench|deploy)/[A-Za-z0-9_./-]*[A-Za-z0-9_]\b' "$file" |
		sort -u | while read -r to; do
		case $to in
		tests/browser/node_modules* | tests/browser/out*) ;;
		*) [ -e "$to" ] || [ -e "$(dirname "$file")/$to" ] || grep -qxF "$to" tests/documents.not-files || echo "$file: $to is not there" ;;
		esac
	done
done >"$out/said"
[ ! -s "$out/said" ]
check 'paths in documents are those of files' $?
sed 's/#.*//; /^\[/d; /^ *$/d; s/ .*//' packages.txt | while read -r name; do
	grep -qF "\`$name\`" docs/dependencies.md || echo "$name"
done >"$out/said"
[ ! -s "$out/said" ]
check 'docs/dependencies.md names every package of packages.txt' $?
[ "$(wc -l <README.md)" -le 100 ]
check 'README.md has at most 100 lines' $?
mandoc -T lint -W warning man/tribune.1 >"$out/said" 2>&1
check 'mandoc finds nothing in the manual page' $?

echo "1..$n"
exit $failed
