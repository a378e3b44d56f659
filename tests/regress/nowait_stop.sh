# deadline: 180
# A task under nowait that is stopped when its start command has ended, and
# what that leaves behind is not there yet: it is waited for and stopped, be
# it by a person, by the configuration or with the daemon; under adopt it is
# left to come.
. "${0%/*}/lib.sh"

# late_conf CONTROL: the daemon of the task shows itself two seconds later.
late_conf()
{
	conf <<CONF
tasks:
  late:
    control: $1
    pidfile: $RUNDIR/late.pid
    check_timeout: 25
    commands:
      start: [/bin/sh, -c, "(sleep 2; exec '$TASK' -p '$RUNDIR/late.pid') &"]
  other: { commands: { start: ["$TASK"] } }
CONF
}

# said N WHAT: the log has that of the task, for the Nth time.
said()
{
	[ "$(grep -c "late\[0\]: $2" "$T/log")" -ge "$1" ]
}

# in_grace N: its start command has ended for the Nth time; what that leaves
# has not come, but where the machine is very busy.
in_grace()
{
	wait_for 20 said "$1" 'exited ok'
}

# came_and_went N HOW: it came, and was stopped, for the Nth time.
came_and_went()
{
	[ "$(grep -c ' term late 0 ' "$RUNDIR/log")" -eq "$1" ] ||
	    fail "$2: nobody has waited for what comes late"
	gone "$(cat "$RUNDIR/late.pid")" || fail "$2: what came late runs on"
}

late_conf nowait
daemon
in_grace 1
ctl stop late >"$T/out" 2>&1 || fail "stop: $(cat "$T/out")"
came_and_went 1 stop
is state late suspended || fail "late is $(column state late)"

ctl -t 0 start late >/dev/null 2>&1
in_grace 2
ctl -t 0 stop late >/dev/null 2>&1
is state late stopping || note "late is $(column state late)"
# Nor does a monitor that dies forget it.
kill -KILL "$(helper monitor)"
wait_for 20 up
wait_for 20 is state late suspended
came_and_went 2 'a new monitor'

ctl -t 0 start late >/dev/null 2>&1
in_grace 3
late_conf suspend
ctl reload >/dev/null || fail "reload: $?"
wait_for 20 is state late suspended
came_and_went 3 suspend

late_conf nowait
ctl -t 0 reload >/dev/null || fail "reload: $?"
in_grace 4
stop_daemon
came_and_went 4 'the end of the daemon'

old=$(cat "$RUNDIR/late.pid")
late_conf adopt
daemon
in_grace 5
kill -TERM "$DPID"
exit_status 20
[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
# The pidfile of the one before is there until it comes.
came()
{
	[ "$(cat "$RUNDIR/late.pid")" != "$old" ] && runs late
}
wait_for 20 came
kill -KILL "$(pid_of late)"
wait_for 10 gone "$(pid_of late)"
exit 0
