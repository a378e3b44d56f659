# Tasks start in the order of requires, side by side where nothing orders
# them; a once task counts when it has exited, start_delay is waited for.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  last: { requires: [delayed, once], commands: { start: ["$TASK"] } }
  delayed: { requires: once, start_delay: 1.5,
             commands: { start: ["$TASK"] } }
  once: { control: once, commands: { start: ["$TASK", "-a", "1500",
          "-s", "3"] } }
  free: { commands: { start: ["$TASK"] } }
  picky: { requires: "once:ok", commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 10 runs last
exited=$(event_ms exit once)
[ "$(event_ms start free)" -lt "$exited" ] || fail 'free waited'
[ "$(event_ms start delayed)" -ge "$exited" ] || fail 'delayed did not wait'
after=$(($(event_ms start last) - $(event_ms start delayed)))
# It may be late to say that it has started, and so may last.
[ $after -ge 750 ] || fail "last came $after ms after delayed"
[ $after -lt $((10000 * TESTS_SLOW)) ] ||
    fail "last came as late as $after ms after delayed"
runs picky && fail 'picky runs although once exited 3'
wait_for 10 is state picky waiting
is reason picky waits-for || fail "picky: $(column reason picky)"
column detail picky | grep -q once || fail 'the detail does not name once'

# What runs is not touched when what it requires stops.
old=$(pid_of last)
kill -KILL "$(pid_of delayed)"
wait_for 5 started_times delayed 0 2
[ "$(pid_of last)" = "$old" ] || fail 'last was touched'
finish
