# How a process is stopped: TERM; the stop command, once for the task or for
# each process; KILL after stop_timeout; events of type restart and stop in
# place of the signal, with the same end.

. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  term: { commands: { start: ["$TASK"] } }
  deaf: { stop_timeout: 0.7, commands: { start: ["$TASK", -i] } }
  shared: { count: 2, commands: { start: ["$TASK"],
    stop: [/bin/sh, -c, "echo \$\$ >>'$RUNDIR/shared.log';
      kill \$(cat '$RUNDIR/shared.0' '$RUNDIR/shared.1')"] } }
  each: { count: 2, commands: { start: ["$TASK"],
    stop: [/bin/sh, -c, "echo {Task_pid} >>'$RUNDIR/each.log';
      kill {Task_pid}"] } }
  vain: { stop_timeout: 0.7, commands: { start: ["$TASK"],
    stop: [/bin/sh, -c, "exit 0"] } }
  usr: { stop_timeout: 0.7, commands: { start: ["$TASK", -i] },
    events: [{ type: restart, signal: USR1 },
      { type: stop, signal: USR2 }] }
CONF
daemon
for t in term deaf shared each vain usr; do
	wait_for 10 runs $t
done
wait_for 10 runs shared 1
wait_for 10 runs each 1

for t in term deaf vain; do
	old=$(pid_of $t)
	t0=$(now_ms)
	ctl stop $t >"$T/out" || fail "stop $t: $(cat "$T/out")"
	ms=$(($(now_ms) - t0))
	gone "$old" || fail "$t runs"
	[ $t = term ] || [ $ms -ge 650 ] || fail "$t was killed after $ms ms"
done
[ -n "$(event_ms term term)" ] || fail 'term got no TERM'
[ -z "$(event_ms term vain)" ] || fail 'vain got a TERM'

ctl stop shared >"$T/out" || fail "stop shared: $(cat "$T/out")"
[ "$(wc -l <"$RUNDIR/shared.log")" -eq 1 ] ||
    fail 'the stop command of shared was not run once'
e0=$(pid_of each 0)
e1=$(pid_of each 1)
ctl stop each >"$T/out" || fail "stop each: $(cat "$T/out")"
printf '%s\n%s\n' "$e0" "$e1" | sort >"$T/want"
sort "$RUNDIR/each.log" | cmp -s - "$T/want" ||
    fail "the stop command of each was run for $(cat "$RUNDIR/each.log")"

note 'one of them alone'
ctl start each >"$T/out" || fail "start each: $(cat "$T/out")"
wait_for 10 restarted each 0 "$e0"
wait_for 10 restarted each 1 "$e1"
e0=$(pid_of each 0)
ctl stop each:1 >"$T/out" || fail "stop each:1: $(cat "$T/out")"
runs_not each 1 || fail 'each:1 runs'
[ "$(pid_of each 0)" = "$e0" ] && lives "$e0" || fail 'each:0 was touched'

note 'events in place of the signal'
old=$(pid_of usr)
ctl restart usr >"$T/out" || fail "restart usr: $(cat "$T/out")"
wait_for 10 restarted usr 0 "$old"
wait_for 10 logged USR1
ctl stop usr >"$T/out" || fail "stop usr: $(cat "$T/out")"
wait_for 10 logged USR2

finish
