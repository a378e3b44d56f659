# Tasks start in the order of requires, side by side where nothing orders
# them; a once task counts when it has exited, start_delay is waited for.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  last: { requires: [delayed, once], commands: { start: ["$TASK"] } }
  delayed: { requires: once, start_delay: 1.5,
             commands: { start: ["$TASK"] } }
  once: { control: once, commands: { start: ["$TASK", "-a", "1",
          "-s", "3", "-u", "$T/go"] } }
  free: { commands: { start: ["$TASK"] } }
  picky: { requires: "once:ok", commands: { start: ["$TASK"] } }
CONF
daemon
# Side by side with one that ends when this test says so.
wait_for 10 runs once
wait_for 10 runs free
wait_for 10 is state delayed waiting
[ "$(starts delayed)" -eq 0 ] || fail 'delayed did not wait'
: >"$T/go"
wait_for 10 runs last
exited=$(event_ms exit once)
[ "$(event_ms start delayed)" -ge "$exited" ] || fail 'delayed did not wait'
# When delayed started it says itself, and may be late with it.
after=$(($(event_ms start last) - exited))
[ $after -ge 1500 ] || fail "last came $after ms after once had ended"
[ $after -lt $((10000 * TESTS_SLOW)) ] ||
    fail "last came as late as $after ms after once had ended"
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
