# taskforcectl without a daemon, and with a wrong command line: a message that
# says what to do, and the right exit status.
. "${0%/*}/lib.sh"

# says STATUS WORD ARGUMENT ...: exits so and says WORD on stderr alone.
says()
{
	want=$1
	word=$2
	shift 2
	"$CTL" "$@" >"$T/out" 2>"$T/err"
	code=$?
	[ $code -eq "$want" ] || fail "$code instead of $want: $*"
	grep -qF -- "$word" "$T/err" ||
	    fail "taskforcectl $*: no '$word': $(cat "$T/err")"
	[ ! -s "$T/out" ] || fail "taskforcectl $*: stdout: $(cat "$T/out")"
}

says 2 usage:
says 2 usage: -x
says 2 usage: -s
says 2 "did you mean 'status'?" staus
says 2 "did you mean 'reload'?" relaod
says 2 'unknown command' upgrade
says 2 'ambiguous: reload, reset, restart' re
says 2 'ambiguous: start, status, stop' -q st
says 2 '-j and -p' -j -p status
says 2 'seconds' -t -1 status
says 2 'seconds' -t x status
says 2 'seconds' -t .5 status
says 2 "no argument 'x'" reload x
says 2 'start: say more: start task ...' start
says 2 '[-t seconds] start task' start -f
says 2 'signal NAME task ...' signal HUP
says 2 "no argument 'c'" run a b c
says 2 'x: say task=value' count x
says 2 'a slot has none of its own' control web:1=wait
says 2 'an empty word names no task' stop ''
says 2 'not a number below' start web:x
says 2 'one of -r and -R' plan -r /dev/null -R x
says 2 'not a regular file' plan -f /dev/null
says 2 'nofile: cannot open: No such file' check -f nofile
says 2 'too long' -s "$T/$(printf %0120d 0)" status

says 6 "$T/sock: No such file or directory: start taskforced" \
    -s "$T/sock" status
: >"$T/plain"
says 6 'Connection refused' -s "$T/plain" status
"$CTL" -q -s "$T/sock" stop >"$T/out" 2>&1
[ $? -eq 6 ] || fail '-q hides the exit status'
[ ! -s "$T/out" ] || fail '-q is not quiet'
if [ $ROOT = no ]; then
	mkdir -m 0 "$T/closed"
	says 7 'Permission denied' -s "$T/closed/sock" status
fi

"$CTL" -V >"$T/out" || fail "-V: status $?"
grep -qE '^taskforcectl [0-9.]+$' "$T/out" || fail "-V: $(cat "$T/out")"
# What cannot be written has not been shown.
if [ -c /dev/full ]; then
	conf <<-CONF
	tasks: { web: { commands: { start: ["$TASK"] } } }
	CONF
	daemon
	ctl status >/dev/full 2>"$T/err"
	[ $? -eq 1 ] || fail 'a full disk goes unnoticed'
	finish
fi
exit 0
