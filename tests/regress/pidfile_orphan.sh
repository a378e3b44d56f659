# deadline: 120
# What an earlier run of the daemon left behind, and its pidfile names: under
# control wait it is ended before the slot is started, so that there are
# never two.  A pidfile that is wrong is reported and ignored.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web: { count: 2, pidfile: "$RUNDIR/web{Task_instance}.pid",
    commands: { start: ["$TASK", -p, "$RUNDIR/web{Task_instance}.pid"] } }
  stubborn: { pidfile: $RUNDIR/stubborn.pid,
    commands: { start: ["$TASK", -i, -p, $RUNDIR/stubborn.pid] } }
  young: { pidfile: $RUNDIR/young.pid, commands: { start: ["$TASK"] } }
  word: { pidfile: $RUNDIR/word.pid, commands: { start: ["$TASK"] } }
  mine: { pidfile: $RUNDIR/mine.pid, commands: { start: ["$TASK"] } }
CONF

# The daemon dies and leaves everything running; "young" is a process that
# has got the number of one that wrote its pidfile long ago.
daemon
for t in web stubborn young word mine; do
	wait_for 10 is state $t running
done
wait_for 10 settled
web0=$(pid_of web 0)
web1=$(pid_of web 1)
stubborn=$(pid_of stubborn)
others="$(pid_of young) $(pid_of word) $(pid_of mine)"
kill -KILL "$DPID"
wait_for 10 gone "$DPID"
for p in $web0 $web1 $stubborn $others; do
	lives "$p" || fail "$p has died with the daemon"
done
pid_of young >"$RUNDIR/young.pid"
touch -t 200101010000 "$RUNDIR/young.pid"
young=$(pid_of young)
echo 'not a pid' >"$RUNDIR/word.pid"
: >"$T/log"

launch
echo "$DPID" >"$RUNDIR/mine.pid"
wait_for 20 up
wait_for 20 restarted web 0 "$web0"
wait_for 20 restarted web 1 "$web1"
gone "$web0" && gone "$web1" || fail 'two processes of one slot'
[ "$(event_ms exit web 0)" -le "$(event_ms start web 0)" ] ||
    fail 'started before the old one had ended'
wait_for 20 is state young running
lives "$young" || fail 'a process younger than its pidfile was ended'
wait_for 10 logged 'younger than the file'
wait_for 20 is state word running
wait_for 10 logged "task word.0.: pidfile $RUNDIR/word.pid: names no process"
wait_for 20 is state mine running
# This one ignores SIGTERM: it is killed, 5 s later.
wait_for 20 restarted stubborn 0 "$stubborn"
gone "$stubborn" || fail 'two processes of one slot'
[ "$(starts stubborn)" -eq 2 ] || fail 'stubborn was started more than once'
kill -KILL $others
finish
