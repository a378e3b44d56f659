# deadline: 300
# BSD make builds the same programs from the same Makefile, and takes away
# all that it has made.
# once
. "${0%/*}/lib.sh"

command -v bmake >/dev/null || skip 'no bmake'
mkdir "$T/src"
cd "$TOP" || exit 1
tar -cf - --exclude=./out --exclude=./tests/out --exclude=./.git . |
    tar -xf - -C "$T/src" || fail tar
cd "$T/src" || exit 1
env -u MAKEFLAGS bmake clean >"$T/out" 2>&1 || fail "clean: $(cat "$T/out")"
find . ! -type d | sort >"$T/before"
# Not optimized: that the rules work is what is to be seen.
env -u MAKEFLAGS bmake -j 2 CFLAGS=-O0 HARDEN='-fPIE' all >"$T/out" 2>&1 ||
    fail "bmake: $(tail -n 20 "$T/out")"
for f in sbin/taskforced sbin/taskforcectl libexec/taskforced/monitor \
    libexec/taskforced/httpd; do
	[ -x "out/$f" ] || fail "no $f"
done
grep -E 'warning|error:' "$T/out" && fail 'bmake: warnings'
out/sbin/taskforced --sanity -r /nonexistent $USER_OPT 2>"$T/out" ||
    fail "what bmake built does not work: $(cat "$T/out")"
env -u MAKEFLAGS bmake all >"$T/out" 2>&1 || fail 'bmake again'
grep -q ' -c ' "$T/out" && fail "built again for nothing: $(cat "$T/out")"
env -u MAKEFLAGS bmake distclean >"$T/out" 2>&1 ||
    fail "distclean: $(cat "$T/out")"
find . ! -type d | sort | comm -13 "$T/before" - >"$T/left"
[ ! -s "$T/left" ] || fail "left behind: $(cat "$T/left")"
for f in config.h config.mk configure common/log.o out/sbin/taskforced; do
	[ ! -e "$f" ] || fail "distclean leaves $f"
done
[ -f etc/rc.d/taskforced ] || fail 'distclean took a source away'
exit 0
