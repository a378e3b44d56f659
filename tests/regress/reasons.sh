# Each reason for which a task does not run, in status and in why.

. "${0%/*}/lib.sh"

echo other >"$T/roles"
echo '#!/no/such/interpreter' >"$T/check"
chmod 755 "$T/check"
conf <<CONF
tasks:
  role: { roles: [nobody_has_it], commands: { start: ["$TASK"] } }
  dark: { control: "off", commands: { start: ["$TASK"] } }
  need: { requires: dark, commands: { start: ["$TASK"] } }
  slow: { start_delay: 600, commands: { start: ["$TASK"] } }
  quick: { commands: { start: ["$TASK", -a, "1"] } }
  nodir: { cwd: $T/nodir, commands: { start: ["$TASK"] } }
  noprog: { commands: { start: [$T/no/such/program] } }
  held: { commands: { start: ["$TASK"] } }
  still: { control: suspend, commands: { start: ["$TASK"] } }
  ran: { control: once, commands: { start: ["$TASK", -a, "1", -s, "3"] } }
  event: { control: event, commands: { start: ["$TASK"] } }
  deaf: { stop_timeout: 600, commands: { start: ["$TASK", -i] } }
  who: { user: no_such_user_here, commands: { start: ["$TASK"] } }
  boss: { user: root, commands: { start: ["$TASK"] } }
  left:
    control: nowait
    check_timeout: 0.05
    pidfile: $T/nobody-writes-it
    commands: { start: ["$TASK", -a, "0"] }
  forks:
    control: nowait
    check_timeout: 600
    pidfile: $T/nobody-writes-it
    commands: { start: ["$TASK", -a, "0"] }
  blind:
    control: nowait
    commands: { start: ["$TASK"], check: [$T/check], stop: ["true"] }
  snake:
    commands: { start: ["$TASK"] }
    events: [{ type: python, command: stop }]
CONF
daemon
wait_for 10 runs held
wait_for 10 runs deaf
wait_for 10 is state ran 'done'
ctl stop held >"$T/out" || fail "stop: $(cat "$T/out")"
ctl -t 0 stop deaf >"$T/out" || fail "stop: $(cat "$T/out")"

# It is tried again and again: only in between there is nothing to say.
says()
{
	ctl status "$1" | grep -q -- "$2"
}
# An operator reads the same word in all places.
reason()
{
	wait_for 20 is reason "$1" "$2"
	wait_for 20 says "$1" "$2"
}

reason role not-in-role
reason dark control-off
reason need waits-for
ctl why need | grep -q control-off || fail "why need: $(ctl why need)"
reason slow start-delay
reason quick backoff-until
reason noprog no-program
reason held held-by-operator
reason still suspended
reason ran exited
ctl status ran | grep -q 'exited 3' || fail "ran: $(ctl status ran)"
reason event waits-for-event
reason deaf stopping
wait_for 20 says forks 'what its start command leaves behind, until '
ctl why forks | grep -q 'see to it that its pidfile' ||
    fail "why forks: $(ctl why forks)"
ctl why nodir | grep -q "make $T/nodir a directory" ||
    fail "why nodir: $(ctl why nodir)"
reason snake not-python
if [ $ROOT = yes ]; then
	reason who unknown-user
else
	reason boss not-privileged
fi
wait_for 30 says left probe-failed
wait_for 20 is reason nodir cannot-start
# Whether it runs cannot be told: it might be started a second time.
wait_for 20 is reason blind cannot-start
wait_for 20 says blind 'check: No such file or directory'
runs blind && fail 'blind was started'

# The end of the daemon waits for what a start may have left as long as that
# may take to show: here ten minutes, but not for what is configured no more.
sed '/^  forks:/,/commands:/d' "$T/conf" >"$T/less"
conf <"$T/less"
unknown()
{
	! ctl status "$1" >/dev/null 2>&1
}
wait_for 20 unknown forks
# The reload has ended the hold.
ctl -t 0 stop deaf >"$T/out" || fail "stop: $(cat "$T/out")"
kill -KILL "$(pid_of deaf)"
wait_for 10 is reason deaf held-by-operator

finish
