# reset stops all, loads anew and starts all, in the daemon's same pid.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web: { count: 2, commands: { start: ["$TASK"] } }
  once: { control: once, commands: { start: ["$TASK", "-a", "0"] } }
CONF
daemon
wait_for 5 runs web 0
wait_for 5 runs web 1
wait_for 5 is state once done
a=$(pid_of web 0) b=$(pid_of web 1)
conf <<CONF
tasks:
  web: { count: 1, commands: { start: ["$TASK"] } }
  once: { control: once, commands: { start: ["$TASK", "-a", "0"] } }
CONF
ctl reset >/dev/null || fail "reset: status $?"
wait_for 10 restarted web 0 "$a"
wait_for 5 gone "$b"
wait_for 5 started_times once 0 2
runs web 1 && fail 'the old count is in force'
alive
finish
