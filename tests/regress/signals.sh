# TERM and INT stop, HUP reloads, USR1 resets; none is relayed to tasks.
. "${0%/*}/lib.sh"

write()
{
	conf <<CONF
tasks:
  web: { commands: { start: ["$TASK"] } }
  once: { control: once, commands: { start: ["$TASK", "-a", "0"] } }
$*
CONF
}

write
daemon
wait_for 5 runs web
old=$(pid_of web)
write "  new: { commands: { start: [\"$TASK\"] } }"
kill -HUP "$DPID"
wait_for 5 runs new
[ "$(pid_of web)" = "$old" ] || fail 'HUP touched web'
[ "$(starts once)" -eq 1 ] || fail 'HUP ran once again'
new=$(pid_of new)
kill -USR1 "$DPID"
wait_for 10 restarted web 0 "$old"
wait_for 10 restarted new 0 "$new"
wait_for 5 started_times once 0 2
pid=$(pid_of web)
kill -INT "$DPID"
exit_status 20
[ "$code" -eq 0 ] || fail "INT: status $code"
gone "$pid" || fail 'web still runs'
[ ! -e "$T/sock" ] || fail 'the socket is left'
exit 0
