#!/bin/sh
# The manual page and --help name the same commands, arguments and options. TAP.
#   tests/manpage.sh PROGRAM     from the root of the project
set -u
program=$1
page=man/tribune.1
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
n=0 failed=0

# same WHAT: $out/help and $out/page hold the same lines
same() {
	n=$((n + 1))
	if diff "$out/help" "$out/page" >"$out/diff"; then
		echo "ok $n - $1"
	else
		failed=1
		echo "not ok $n - $1 (< --help, > $page)"
		sed 's/^/#   /' "$out/diff"
	fi
}

# options: from --help, "--name VALUE" or "--name" a line
options() {
	sed -n '/^Options:/,$ s/^  \(-h, \)\{0,1\}\(--[a-z_-]*\( [A-Z][A-Z]*\)\{0,1\}\)\(  .*\)\{0,1\}$/\2/p'
}

# The options that every command has stand in one section of the page.
common='--data DIR
--json
--help'

commands=$("$program" --help | sed -n '/^Commands:/,/^$/ s/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p')
printf '%s\n' "$commands" | sort >"$out/help"
sed -n 's/^\.Ss \([a-z ]*\)$/\1/p' "$page" | sort >"$out/page"
same 'the commands'

printf '%s\n' "$commands" >"$out/commands"
while read -r command; do
	sed -n "/^\.Ss $command\$/,/^\.S[sh] /p" "$page" | sed '1d' | sed '/^\.S[sh] /d' >"$out/section"
	# shellcheck disable=SC2086 # a noun and a verb are two words
	"$program" $command --help >"$out/text" </dev/null

	# shellcheck disable=SC2086
	"$program" help $command >"$out/help" </dev/null
	cp "$out/text" "$out/page"
	same "help $command, and $command --help"

	options <"$out/text" | grep -vxF -- "$common" | sort >"$out/help"
	sed -n 's/^\.It Fl Fl \([a-z_-]*\)\( Ar \([A-Z]*\)\)\{0,1\}$/--\1 \3/p' "$out/section" | sed 's/ $//' | sort >"$out/page"
	same "the options of $command"

	sed -n 's/^Usage: //p' "$out/text" >"$out/help"
	sed -n 's/^\.Dl //p' "$out/section" >"$out/page"
	same "the arguments of $command"
done <"$out/commands"

"$program" --help | options | sort >"$out/help"
sed -n '/^\.Sh OPTIONS/,/^\.Sh [A-NP-Z]/ s/^\.It Fl \(h , \)\{0,1\}\(Fl \)*\([a-z]*\)\( Ar \([A-Z]*\)\)\{0,1\}$/--\3 \5/p' "$page" |
	sed 's/ $//' | sort >"$out/page"
same 'the options of every command'
echo "1..$n"
exit $failed
