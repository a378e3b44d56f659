# A roles file that is there and cannot be trusted never starts everything:
# the first load fails; later the roles read before stay in force.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  mine: { roles: [front], commands: { start: ["$TASK"] } }
  other: { roles: [back], commands: { start: ["$TASK"] } }
CONF
echo front >"$T/roles"
chmod 666 "$T/roles"
start_fails 3
grep -q 'roles: writable by group or others' "$T/log" || fail 'why?'
[ ! -e "$T/run/log" ] || fail 'a task was started'

chmod 644 "$T/roles"
daemon
wait_for 20 is state mine running
wait_for 20 runs mine
wait_for 10 is state other off
mine=$(pid_of mine)
for broken in 'chmod 666' 'rm'; do
	$broken "$T/roles"
	ctl reload >"$T/out" 2>&1 || fail "reload: $(cat "$T/out")"
	grep -q 'the roles read before stay in force' "$T/out" ||
	    fail "after $broken: $(cat "$T/out")"
	is state other off || fail "after $broken: $(ctl status)"
	[ "$(pid_of mine)" = "$mine" ] || fail "$broken touched mine"
done
stop_daemon
exit 0
