# What exits at once is started again after 0, 0.25, 0.5, 1 and 2 s, and
# status says so; a process that ran for 5 s is started again at once.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  bad: { commands: { start: ["$TASK", "-a", "0", "-s", "7"] } }
  good: { commands: { start: ["$TASK", "-a", "5200"] } }
CONF
daemon
wait_for 15 started_times bad 0 6
is state bad backoff || fail "bad is $(column state bad)"
is reason bad backoff-until || fail "bad: $(column reason bad)"

i=0
prev=
for ms in $(awk '$2 == "start" && $3 == "bad" { print $1 }' "$RUNDIR/log"); do
	if [ -n "$prev" ]; then
		i=$((i + 1))
		case $i in
		1)	want=0 ;;
		2)	want=250 ;;
		3)	want=500 ;;
		4)	want=1000 ;;
		5)	want=2000 ;;
		*)	break ;;
		esac
		got=$((ms - prev))
		note "after $want: $got ms"
		[ $got -ge $((want - 10)) ] ||
		    fail "start $i came after $got ms, not $want"
		[ $got -le $((want + 200 * TESTS_SLOW)) ] ||
		    fail "start $i came after $got ms, not $want"
	fi
	prev=$ms
done

wait_for 15 started_times good 0 2
ms=$(($(event_ms start good) - $(event_ms exit good)))
[ $ms -lt $((200 * TESTS_SLOW)) ] || fail "good was started again after $ms ms"
finish
