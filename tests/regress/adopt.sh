# deadline: 120
# Control adopt: what runs is left running at stop and reset, and taken over
# at the start; when it ends it is started again, when what it was started
# from changes as well, and when it is removed it is ended.
. "${0%/*}/lib.sh"

adopt_conf()
{
	conf <<CONF
tasks:
  db:
    control: adopt
    pidfile: $RUNDIR/db.pid
    check_timeout: 100
    start_delay: 0
    defines: { COLOUR: ${1:-red} }
    commands:
      start: [/bin/sh, -c, "setsid '$TASK' -p '$RUNDIR/db.pid' &"]
  # Not in the background at all: a child of ours that stays.
  fore: { control: adopt, pidfile: $RUNDIR/fore.pid,
    commands: { start: ["$TASK", -p, $RUNDIR/fore.pid] } }
  web: { commands: { start: ["$TASK"] } }
CONF
}

all_run()
{
	is state db running && is state fore running && is state web running
}

same()
{
	[ "$(pid_of db)" = "$db" ] && [ "$(pid_of fore)" = "$fore" ] &&
	    lives "$db" && lives "$fore"
}

# However the daemon is stopped: the three lines of each way.  It heeds a
# second signal some time after the first, which must not be enough by then.
stop_and_start()
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
	same || fail "adopted processes were stopped by $*"
	runs web && fail 'web was not stopped'
	daemon
	wait_for 20 all_run
	same || fail 'adopted processes were not taken over'
	wait_for 20 is pids db "$db"
	wait_for 20 is pids fore "$fore"
}

adopt_conf
daemon
wait_for 20 all_run
wait_for 10 runs db
wait_for 10 runs fore
db=$(pid_of db)
fore=$(pid_of fore)
wait_for 20 is pids db "$db"

stop_and_start TERM
# Twice: the spawner stops the tasks by itself.
stop_and_start TERM TERM
wait_for 10 logged 'taken over\|found'

wait_for 10 runs web
web=$(pid_of web)
ctl reset >/dev/null || fail "reset: $?"
wait_for 20 restarted web 0 "$web"
wait_for 20 all_run
same || fail 'adopted processes were touched by a reset'
wait_for 20 is pids db "$db"

# A crash of the monitor and a reload that changes nothing.
kill -KILL "$(helper monitor)"
wait_for 20 up
wait_for 20 all_run
ctl reload >/dev/null || fail "reload: $?"
same || fail 'adopted processes were touched'

# It ends: started again, and that one is known.
kill -KILL "$db"
wait_for 20 restarted db 0 "$db"
db=$(pid_of db)
wait_for 20 is pids db "$db"
wait_for 20 all_run

# So it is known what it was started from.
adopt_conf blue
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 20 restarted db 0 "$db"
gone "$db" || fail 'two of db'
db=$(pid_of db)
wait_for 20 all_run
same || fail 'fore was touched'

# Removed: ended.
conf <<CONF
tasks:
  web: { commands: { start: ["$TASK"] } }
CONF
ctl reload >/dev/null || fail "reload: $?"
wait_for 20 gone "$db"
wait_for 20 gone "$fore"
finish
