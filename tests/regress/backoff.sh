# What exits at once is started again after 0, 0.25, 0.5, 1 and 2 s, and
# status says so; a process that ran for 5 s is started again at once.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  bad: { count: 3, commands: { start: ["$TASK", "-a", "0", "-s", "7"] } }
  good: { commands: { start: ["$TASK", "-a", "5200"] } }
CONF
daemon
for i in 0 1 2; do
	wait_for 15 started_times bad $i 6
done
wait_for 10 is state bad backoff
wait_for 10 is reason bad backoff-until

# From each end to the next start; how long it ran is the machine's matter.
# Of the three the one that waited least: a process may be late to start, and
# none can be early.
i=0
for ms in $(awk '$3 != "bad" { next } $2 == "exit" { end[$4] = $1; n[$4]++ }
    $2 == "start" && n[$4] { k = n[$4]; ms = $1 - end[$4]
	if (!(k in least) || ms < least[k]) least[k] = ms }
    END { for (k = 1; k in least; k++) print least[k] }' "$RUNDIR/log"); do
	i=$((i + 1))
	case $i in
	1)	want=0 ;;
	2)	want=250 ;;
	3)	want=500 ;;
	4)	want=1000 ;;
	5)	want=2000 ;;
	*)	break ;;
	esac
	note "after $want: $ms ms"
	[ "$ms" -ge $((want - 10)) ] ||
	    fail "start $i came after $ms ms, not $want"
	# How exact it is, unit/sched_time tells: here a machine may be busy.
	[ "$ms" -le $((want + 2000 * TESTS_SLOW)) ] ||
	    fail "start $i came after $ms ms, not $want"
done
[ $i -ge 5 ] || fail "only $i ends and starts"

wait_for 15 started_times good 0 2
ms=$(($(event_ms start good) - $(event_ms exit good)))
[ $ms -lt $((2000 * TESTS_SLOW)) ] || fail "good was started again after $ms ms"
finish
