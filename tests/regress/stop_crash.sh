# deadline: 120
# The monitor dies when the stop command of a restart is over and its process
# is not: the next monitor sees the restart through, with KILL in its middle.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  deaf:
    stop_timeout: 8
    commands:
      start: ["$TASK"]
      stop: [/bin/sh, -c, "exit 0"]
CONF
daemon
wait_for 5 runs deaf
old=$(pid_of deaf)
monitor=$(helper monitor)
ctl -t 0 restart deaf >/dev/null || fail "restart: status $?"
wait_for 5 logged 'deaf.*stop.*exited ok'
lives "$old" || fail 'deaf is gone too early'
kill -KILL "$monitor"
wait_for 5 gone "$monitor"
wait_for 5 up
wait_for 40 restarted deaf 0 "$old"
gone "$old" || fail 'two at a time'
finish
