# A reset whose load fails: the old plan is in force, and its tasks run.
. "${0%/*}/lib.sh"

conf <<CONF
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
daemon
wait_for 5 runs web
a=$(pid_of web)
conf <<CONF
tasks: { web: { commands: { stat: ["$TASK"] } } }
CONF
ctl reset >/dev/null 2>&1
wait_for 10 restarted web 0 "$a"
wait_for 5 is state web running
finish
