# deadline: 120
# Control adopt that somebody has asked for: what runs is left running when
# the daemon ends, however it does; and the other way round.  What a start
# command leaves behind is not ended with it.  A reload takes it back.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  asked: { pidfile: $RUNDIR/asked.pid,
    commands: { start: ["$TASK", -p, $RUNDIR/asked.pid] } }
  planned: { control: adopt, pidfile: $RUNDIR/planned.pid,
    commands: { start: ["$TASK", -p, $RUNDIR/planned.pid] } }
  back: { control: suspend, pidfile: $RUNDIR/back.pid, check_timeout: 100,
    commands: { start: [/bin/sh, -c, "'$TASK' -p '$RUNDIR/back.pid' &"] } }
  spare: { commands: { start: ["$TASK"] } }
CONF

all_run()
{
	is state asked running && is state planned running
}

# Both controls the other way round, by request.
ask()
{
	ctl control asked=adopt planned=wait >"$T/out" ||
	    fail "control: $(cat "$T/out")"
	wait_for 20 all_run
	wait_for 10 runs asked
	wait_for 10 runs planned
	asked=$(pid_of asked)
	planned=$(pid_of planned)
}

begin()
{
	daemon
	wait_for 20 all_run
	ask
}

# By the signals given; then who lives?  It heeds a second one some time
# after the first, which must not be enough by then.
stop_by()
{
	: >"$T/log"
	[ $# -eq 1 ] || kill -STOP "$(helper monitor)"
	for s; do
		kill -"$s" "$DPID"
		wait_for 10 logged ': stopping$'
		[ $# -gt 1 ] || continue
		t0=$(now_ms)
		wait_for 10 past "$t0" 600
	done
	exit_status 20
	[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
	lives "$asked" || fail "$*: what somebody wanted adopted was stopped"
	gone "$planned" || fail "$*: what nobody wants adopted any more runs"
	wait_for 10 logged 'left running'
	kill -KILL "$asked"
	wait_for 10 gone "$asked"
	rm -f "$RUNDIR/asked.pid"
}

begin
stop_by TERM
begin
# Twice: the spawner stops the tasks by itself.
stop_by TERM TERM
begin
# The monitor that is started anew knows it.
kill -KILL "$(helper monitor)"
wait_for 20 up
wait_for 20 all_run
stop_by TERM

# What a monitor has said yes to holds, though it dies before the spawner had
# the time to read of it; and of another end it was told before.
daemon
wait_for 20 all_run
wait_for 20 runs spare
spare=$(pid_of spare)
kill -STOP "$DPID"
kill -KILL "$spare"
wait_for 10 gone "$spare"
ctl -t 0 control asked=adopt planned=wait >"$T/out" ||
    fail "control: $(cat "$T/out")"
wait_for 10 runs asked
wait_for 10 runs planned
asked=$(pid_of asked)
planned=$(pid_of planned)
m=$(helper monitor)
kill -KILL "$m"
wait_for 10 gone "$m"
kill -CONT "$DPID"
wait_for 20 gone "$m"
wait_for 20 up
wait_for 20 all_run
stop_by TERM

# What it leaves is in its process group, as the task is "nowait" by request.
begin
ctl control back=nowait >"$T/out" || fail "control: $(cat "$T/out")"
wait_for 20 is state back running
wait_for 10 runs back
back=$(pid_of back)
# Its start command has ended, and what that has left was found.
wait_for 20 is pids back "$back"
lives "$back" || fail 'what a start command left was ended with it'
ctl reload >/dev/null || fail "reload: $?"
wait_for 20 gone "$back"
wait_for 20 all_run
wait_for 10 runs asked
wait_for 10 runs planned
asked=$(pid_of asked)
planned=$(pid_of planned)
kill -TERM "$DPID"
exit_status 20
gone "$asked" || fail 'the reload has not taken it back'
lives "$planned" || fail 'adopted, and stopped'
kill -KILL "$planned"
wait_for 10 gone "$planned"
exit 0
