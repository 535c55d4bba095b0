#!/bin/sh
# The release has the protections that meson.build asks for. TAP.
#   tests/hardening.sh PROGRAM
set -u
program=$1
n=0 failed=0

# check WHAT STATUS
check() {
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; failed=1; fi
}

# has WHAT PATTERN TEXT
has() {
	printf '%s\n' "$3" | grep -Eq "$2"
	check "$1" $?
}

header=$(readelf -hW "$program") || exit 1
segments=$(readelf -lW "$program")
dynamic=$(readelf -dW "$program")
symbols=$(readelf --dyn-syms -W "$program")

has 'position independent' 'Type: +DYN' "$header"
has 'and marked so' 'FLAGS_1.*PIE' "$dynamic"
has 'relocations are read-only' 'GNU_RELRO' "$segments"
has 'and bound at the start' 'BIND_NOW|FLAGS_1.*NOW' "$dynamic"
has 'the stack is not executable' 'GNU_STACK.* RW  *0x' "$segments"
! printf '%s\n' "$segments" | grep -Eq '^ +[A-Z_]+ .* (RWE|WE|W E)'
check 'no segment is writable and executable' $?
! printf '%s\n' "$dynamic" | grep -Eq 'TEXTREL|RPATH|RUNPATH'
check 'no text relocations, no search path of its own' $?
has 'the stack is guarded' '__stack_chk_fail' "$symbols"
has 'functions of libc are fortified' '__[a-z]+_chk' "$symbols"

# The linker keeps the note of CET only when all that it links has it, and the start files of Debian 12
# (crt1.o and its like) do not. So it is asked of every object of ours.
case $(uname -m) in
x86_64)
	objects=0 without=''
	for file in "$(dirname "$program")"/*.p/*.o; do
		objects=$((objects + 1))
		readelf -nW "$file" | grep -q 'IBT, SHSTK' || without="$without $file"
	done
	[ "$objects" -gt 50 ] && [ -z "$without" ]
	check "control flow is guarded (CET) in each of $objects objects$without" $?
	;;
*) check 'control flow is guarded (CET) # SKIP not of this processor' 0 ;;
esac
! printf '%s\n' "$symbols" | grep -Eq '__(asan|ubsan|tsan)_'
check 'no sanitizer is in it' $?
echo "1..$n"
exit $failed
