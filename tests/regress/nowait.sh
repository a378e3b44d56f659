# deadline: 120
# Control nowait: the start command leaves a daemon behind; that is the
# task's process, watched though it is not our child, started again when it
# ends, stopped with the daemon.
. "${0%/*}/lib.sh"

nowait_conf()
{
	conf <<CONF
tasks:
  db:
    control: nowait
    pidfile: $RUNDIR/db.pid
    check_interval: 1.5
    check_timeout: 100
    defines: { COLOUR: ${1:-red} }
    commands:
      start: [/bin/sh, -c, "'$TASK' -p '$RUNDIR/db.pid' &"]
  # No pidfile: commands say whether it runs, and stop it.
  # The one that was started last may not have told its pid yet.
  own:
    control: nowait
    check_interval: 1.5
    check_timeout: 100
    commands:
      start: [/bin/sh, -c, "rm -f '$RUNDIR/own.0'; : >'$RUNDIR/own.begun';
        setsid '$TASK' &"]
      check: [/bin/sh, -c, "[ -e '$RUNDIR/own.begun' ] || exit 1;
        until [ -s '$RUNDIR/own.0' ]; do sleep 0.1; done;
        kill -0 \$(cat '$RUNDIR/own.0')"]
      stop: [/bin/sh, -c, "kill \$(cat '$RUNDIR/own.0')"]
  after: { requires: db, commands: { start: ["$TASK"] } }
CONF
}

all_run()
{
	is state db running && is state own running &&
	    is state after running
}

nowait_conf
daemon
wait_for 20 all_run
wait_for 10 runs db
wait_for 10 runs own
db=$(pid_of db)
own=$(pid_of own)
wait_for 10 is pids db "$db"
# The start command has long ended; what it left is not.
lives "$db" || fail 'db was ended with its start command'
[ "$(starts db)" -eq 1 ] || fail "db was started $(starts db) times"

# At rest nothing is started, and nobody ends anything.
watch_for 4 all_run
[ "$(starts db)" -eq 1 ] || fail "db was started $(starts db) times"
[ "$(starts own)" -eq 1 ] || fail "own was started $(starts own) times"

# Gone: started again, at once where its end is told, else when probed.
kill -KILL "$db"
wait_for 20 restarted db 0 "$db"
kill -KILL "$own"
wait_for 20 restarted own 0 "$own"
wait_for 20 all_run
db=$(pid_of db)
own=$(pid_of own)
wait_for 10 is pids db "$db"

# A monitor that dies leaves it, and the next one knows it.
kill -KILL "$(helper monitor)"
wait_for 20 up
wait_for 20 all_run
[ "$(pid_of db)" = "$db" ] && lives "$db" || fail 'db was touched'
wait_for 20 is pids db "$db"

# Signals go to it, too.
ctl restart db >"$T/out" 2>&1 || fail "restart: $(cat "$T/out")"
wait_for 20 restarted db 0 "$db"
gone "$db" || fail 'two of db'
db=$(pid_of db)
wait_for 20 is pids db "$db"

# Another environment: it is started again.
nowait_conf blue
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 20 restarted db 0 "$db"
gone "$db" || fail 'two of db'
wait_for 20 all_run
db=$(pid_of db)
own=$(pid_of own)

kill -TERM "$DPID"
exit_status 30
[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
gone "$db" || fail 'db was not stopped'
# Whose pid nobody knows: it may be on its way out when the command has ended.
wait_for 10 gone "$own"
exit 0
