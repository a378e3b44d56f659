# taskforcectl stop returns when the daemon is gone, so that another can be
# started at once with the same pidfile and socket; -t bounds the waiting.
# reset gives every task a new process.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  slow: { commands: { start: ["$TASK", "-l", "700"] } }
  web: { requires: slow, commands: { start: ["$TASK"] } }
CONF
for round in 1 2 3; do
	daemon
	wait_for 10 runs web
	wait_for 10 runs slow
	ctl stop >"$T/out" 2>&1 || fail "stop $round: $?: $(cat "$T/out")"
	# No waiting here: that is what is tested.
	lives "$DPID" && fail "round $round: it is still there"
	grep -q 'has stopped' "$T/out" || fail "$(cat "$T/out")"
	exit_status 1
	[ "$code" -eq 0 ] || fail "the daemon ended with $code"
	runs web && fail 'web is left running'
	runs slow && fail 'slow is left running'
	[ ! -e "$T/sock" ] || fail 'the socket is left'
done

daemon
wait_for 10 runs web
wait_for 10 runs slow
web=$(pid_of web)
slow=$(pid_of slow)
ctl reset >"$T/out" 2>&1 || fail "reset: $?: $(cat "$T/out")"
grep -q 'configuration [2-9]' "$T/out" || fail "reset: $(cat "$T/out")"
lives "$web" && fail 'web survived the reset'
wait_for 10 restarted web 0 "$web"
wait_for 10 restarted slow 0 "$slow"

# A task that ignores SIGTERM for longer than -t 1.
conf <<CONF
tasks: { deaf: { stop_timeout: 600, commands: { start: ["$TASK", "-i"] } } }
CONF
ctl reload >/dev/null || fail "reload: $?"
wait_for 10 runs deaf
ctl -t 1 stop >"$T/out" 2>&1
[ $? -eq 5 ] || fail "-t 1: $(cat "$T/out")"
kill -KILL "$(pid_of deaf)"
exit_status 20
[ "$code" -eq 0 ] || fail "the daemon ended with $code"
no_crash
exit 0
