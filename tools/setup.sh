# What ./run and ./check share: installing packages, building, and saying what goes on. Sourced by them
# from the root of the project, after "set -u".

if [ -t 2 ]; then on_terminal=1; else on_terminal=; fi
log=$(mktemp "${TMPDIR:-/tmp}/tribune.XXXXXX") || exit 1
trap 'rm -f "$log" "$log".*' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# draw TEXT: a line that the next one takes the place of; nothing where nobody watches
draw() {
	[ -z "$on_terminal" ] || printf '\r\033[K%s' "$1" >&2
}

# done_line TEXT: stays
done_line() {
	draw ''
	printf '%s\n' "$1"
}

# fail SENTENCE...: a line each, and the end
fail() {
	draw ''
	printf '%s\n' "$@" >&2
	exit 1
}

# The end of the log, indented.
log_end() {
	tail -n "${1:-12}" "$log" | sed 's/^/    /'
}

seconds() {
	date +%s
}

# --- Packages.

# packages_of SECTION: those that packages.txt lists there and that are not yet installed
packages_missing() {
	wanted=$(sed -n "/^\[$1\]/,/^\[/p" packages.txt | sed 's/#.*//; /^\[/d; /^ *$/d' |
		while read -r name command; do
			[ -n "$command" ] && command -v "$command" >/dev/null 2>&1 || echo "$name"
		done)
	# shellcheck disable=SC2086 # one word a package
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
		sed -n 's/^installed //p')
	for name in $wanted; do
		case "
$have
" in *"
$name
"*) ;; *) echo "$name" ;; esac
	done
}

# root COMMAND...: as root, through sudo where we are not
root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# apt_get WHAT ARGUMENTS...: its words go to the log, how far it is to the terminal
apt_get() {
	apt_what=$1
	shift
	{
		# The third descriptor is opened behind sudo, which closes it.
		# shellcheck disable=SC2016
		root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 sh -c 'exec "$@" 3>&1 >"$0" 2>&1 </dev/null' "$log" \
			apt-get -y -q -o APT::Status-Fd=3 -o APT::Update::Error-Mode=any -o Dpkg::Use-Pty=0 \
			-o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 "$@"
		echo $? >"$log.code"
	} | while IFS=: read -r kind _ percent _; do
		case $kind in
		dlstatus) draw "$apt_what: downloading, ${percent%%.*} %" ;;
		pmstatus) draw "$apt_what: installing, ${percent%%.*} %" ;;
		esac
	done
	return "$(cat "$log.code")"
}

# install_packages SECTION: leaves in $installed how many were missing
install_packages() {
	command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 ||
		fail 'This is not Debian: there is no apt-get. Install what packages.txt lists in your system'"'"'s way,' \
			'then start again with --no-install.'
	missing=$(packages_missing "$1")
	# shellcheck disable=SC2086 # one word a package
	set -- $missing
	installed=$#
	[ $# = 0 ] && return
	if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
		fail "$# packages are missing, and only root or somebody with sudo can install them:" "    $*"
	fi
	draw 'Packages: asking what there is'
	apt_get Packages update || updated=no
	apt_get Packages install --no-install-recommends "$@" && return
	if [ "${updated-}" = no ] || grep -q 'Failed to fetch\|Could not resolve\|Unable to connect' "$log"; then
		fail "Debian's package servers cannot be reached, so $# packages are still missing. Is there a network?" \
			'The last words of apt-get:' "$(log_end)"
	fi
	# shellcheck disable=SC1091
	fail "The packages could not be installed on $(. /etc/os-release && echo "$PRETTY_NAME"); this is made for Debian 12." \
		'The last words of apt-get:' "$(log_end)"
}

# --- Building.

# Where the project is, and which files there are: meson looks for them only when it sets up.
sources_now() {
	pwd
	find src tests tools po db assets data demo -type f ! -name '.*' | LC_ALL=C sort
}

# configure FOLDER OPTION...: sets up when it is new, and again when files came or went
configure() {
	folder=$1
	shift
	sources_now >"$log.sources"
	if [ -f "$folder/build.ninja" ] && cmp -s "$log.sources" "$folder/sources.list"; then
		return
	fi
	draw "Build: setting up $folder"
	if [ ! -f "$folder/build.ninja" ]; then
		rm -rf "$folder"
		meson setup "$folder" "$@" >"$log" 2>&1
	elif [ "$(head -n 1 "$folder/sources.list" 2>/dev/null)" = "$(pwd)" ]; then
		meson setup --reconfigure "$folder" "$@" >"$log" 2>&1
	else # the project stands somewhere else now
		meson setup --wipe "$folder" "$@" >"$log" 2>&1
	fi || fail "The build could not be set up. The last words of meson:" "$(log_end 20)"
	cp "$log.sources" "$folder/sources.list"
}

# build FOLDER TARGET...: false when it does not build; the log says why
build() {
	folder=$1
	shift
	{
		NINJA_STATUS='%f/%t ' ninja -C "$folder" -j "$(nproc)" "$@" 2>&1
		echo $? >"$log.code"
	} | tee "$log" | while read -r count _; do
		case $count in [0-9]*/[0-9]*) draw "Build: $folder, step $count" ;; esac
	done
	return "$(cat "$log.code")"
}
