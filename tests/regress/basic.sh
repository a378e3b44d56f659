# A task is started, status shows it, SIGTERM ends all, nothing is left.
. "${0%/*}/lib.sh"

conf <<CONF
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
daemon
wait_for 5 runs web
wait_for 5 is state web running
[ "$(column pids web)" = "$(pid_of web)" ] || fail "another pid in status"
[ "$(cat "$T/pid")" = "$DPID" ] || fail "another pid in the pidfile"
helper monitor >/dev/null || fail "no monitor"
helper httpd >/dev/null && fail "an httpd although no listener is configured"
finish
