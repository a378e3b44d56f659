# control once: run at start and left; it counts as run when all have exited,
# whatever the status, or with ":ok" when that is 0; not run again by a
# reload, but by start, by a reset, and when it comes back into scope.

. "${0%/*}/lib.sh"

once_conf()
{
	conf <<CONF
tasks:
  good: { control: ${1:-once}, count: 2,
    commands: { start: ["$TASK", -a, "300"] } }
  bad: { control: once, commands: { start: ["$TASK", -a, "1", -s, "3"] } }
  any: { requires: [good, bad], commands: { start: ["$TASK"] } }
  strict: { requires: "bad:ok", commands: { start: ["$TASK"] } }
  content: { requires: "good:ok", commands: { start: ["$TASK"] } }
  keep: { commands: { start: ["$TASK", "${2:-x}"] } }
CONF
}

once_conf
daemon
wait_for 10 is state good 'done'
wait_for 10 is state bad 'done'
wait_for 10 runs any
wait_for 10 runs content
wait_for 10 is state strict waiting
is reason good exited || fail "good: $(column reason good)"
[ "$(event_ms start any)" -ge "$(event_ms 'exit' good 1)" ] ||
    fail 'any did not wait for the last of good'

note 'a reload'
wait_for 10 runs keep
keep=$(pid_of keep)
once_conf once y
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 10 restarted keep 0 "$keep"
[ "$(starts good 0)" -eq 1 ] || fail 'good was run again by a reload'

note 'start'
ctl start good >"$T/out" || fail "start: $(cat "$T/out")"
wait_for 10 started_times good 0 2

note 'out of scope and back'
once_conf '"off"' y
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 10 is state good off
once_conf once y
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 10 started_times good 0 3
wait_for 10 is state good 'done'

note 'a reset'
ctl reset >"$T/out" || fail "reset: $(cat "$T/out")"
wait_for 20 started_times good 0 4
wait_for 20 is state good 'done'

finish
