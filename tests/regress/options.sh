# The options that end by themselves, and what is no option.
. "${0%/*}/lib.sh"

conf <<CONF
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF

# status WANT option ...
status()
{
	want=$1
	shift
	"$TFD" "$@" >"$T/out" 2>"$T/err" </dev/null
	code=$?
	[ $code -eq $want ] || fail "status $code, not $want: taskforced $*:
$(cat "$T/out" "$T/err")"
	[ ! -e "$T/run/log" ] || fail "taskforced $* started a task"
	[ -z "$(find "$T" -type s)" ] || fail "taskforced $* made a socket"
	[ ! -e "$T/pid" ] || fail "taskforced $* made a pidfile"
}

check="-f $T/conf -r $T/roles -p $T/pid -s $T/sock $USER_OPT"
status 0 -h
grep -q -- --expires "$T/out" "$T/err" || fail 'no help'
status 0 --help
status 0 -V
grep -Eq '[0-9]+\.[0-9]+' "$T/out" "$T/err" || fail 'no version'
status 0 --version
status 0 -C $check
status 0 -n $check
status 0 --check-config $check
status 0 --sanity $check
grep -qx 'Sanity check completed ok' "$T/err" ||
    fail 'not the words of --sanity'
status 2 -Z
status 2 --no-such
status 2 -f
status 2 --expires
status 2 --expires soon
status 2 --expires=-1
status 2 operand
status 2 -C $check operand
status 1 -C -f "$T/missing" -r "$T/roles" $USER_OPT
# A check that cannot be made has not been passed, and nothing was started.
if [ $ROOT = yes ]; then
	status 1 -C $check -u no-such-user-here
	grep -q 'useradd .* no-such-user-here$' "$T/err" ||
	    fail "what to do? $(cat "$T/err")"
	if ! id _taskforced >/dev/null 2>&1 && ! id _tfhttpd >/dev/null 2>&1
	then
		status 1 -C -f "$T/conf"
		[ "$(grep -c 'useradd .* _t[a-z]*$' "$T/err")" -eq 2 ] ||
		    fail "both are needed: $(cat "$T/err")"
	fi
fi

# A warning is not an error, but it is printed.
cat >>"$T/conf" <<CONF
setings: {}
CONF
status 0 -C $check
grep -q 'conf:2:1: .*setings' "$T/err" || fail 'no warning of the unknown key'
grep -q 'settings' "$T/err" || fail 'no suggestion'

# A host error is an error of the check.
cat >"$T/conf" <<CONF
tasks: { web: { user: no-such-user-here, commands: { start: ["$TASK"] } } }
CONF
status 1 -C $check
grep -q 'conf:1:[0-9]*: .*no-such-user-here' "$T/err" || fail 'no such message'

conf <<CONF
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
t0=$(now_ms)
launch --expires 3
exit_status 15
ms=$(($(now_ms) - t0))
[ "$code" -eq 0 ] || fail "--expires: status $code"
[ $ms -ge 3000 ] || fail "--expires 3 ended after $ms ms"
[ "$(starts web)" -eq 1 ] || fail '--expires did not run the task'
runs web && fail 'web still runs'
exit 0
