# control event: not run at start, and no hindrance for those that require it;
# run by start and by the end of another task, and left when it exits.

. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  ev: { control: event, commands: { start: ["$TASK", -a, "1"] } }
  dep: { requires: ev, commands: { start: ["$TASK"] } }
  job: { control: once, onexit: [{ type: start, task: ev }],
    commands: { start: ["$TASK", -a, "1"] } }
  hand: { control: event, commands: { start: ["$TASK", -a, "1"] } }
CONF
daemon
wait_for 10 runs dep
wait_for 10 started_times ev 0 1
wait_for 10 is state ev 'done'
is state hand idle || fail "hand is $(column state hand)"
is reason hand waits-for-event || fail "hand: $(column reason hand)"
[ "$(starts hand)" -eq 0 ] || fail 'hand was started at start'
ctl start hand >"$T/out" || fail "start: $(cat "$T/out")"
wait_for 5 started_times hand 0 1
wait_for 5 is state hand 'done'
watch_for 1 is state hand 'done'
[ "$(starts hand)" -eq 1 ] || fail 'hand was started again'

finish
