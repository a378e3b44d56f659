# deadline: 90
# kill -9 of the monitor, then of httpd, with ten tasks: the same processes,
# answers again within 2 s, and what died meanwhile is started again.
. "${0%/*}/lib.sh"

{
	echo "settings: { http: [ { listen: \"$T/http\" } ] }"
	echo 'tasks:'
	for i in 0 1 2 3 4 5 6 7; do
		echo "  t$i: { commands: { start: [\"$TASK\"] } }"
	done
	echo "  many: { count: 2, requires: [t0],"
	echo "    commands: { start: [\"$TASK\"] } }"
	echo "  once: { control: once,"
	echo "    commands: { start: [\"$TASK\", \"-a\", \"0\"] } }"
} | conf
daemon
for i in 0 1 2 3 4 5 6 7; do
	wait_for 5 runs t$i
done
wait_for 5 runs many 0
wait_for 5 runs many 1
wait_for 5 is state once done
before=$(snapshot)
[ "$(echo "$before" | wc -l)" -eq 10 ] || fail "not ten: $before"

served()
{
	curl -sf --unix-socket "$T/http" http://localhost/status/tasks |
	    grep -q '"many"'
}
command -v curl >/dev/null || skip 'no curl(1)'
wait_for 5 served

is_new()
{
	p=$(helper "$1") && [ "$p" != "$2" ]
}

# replaced NAME: it dies and its successor answers.
replaced()
{
	old=$(helper "$1")
	kill -KILL "$old"
	wait_for 5 is_new "$1" "$old"
	wait_for 5 up
	wait_for 5 served
}

# That within 2 s.
answers()
{
	in_time 0 2000 replaced "$1"
	same_snapshot "$before" || fail "killing $1 touched tasks: $(snapshot)"
	alive
}

answers monitor
answers httpd
wait_for 10 is state once done
[ "$(starts once)" -eq 1 ] || fail 'once was run again'
wait_for 10 is restarts t3 0

# A monitor that is stopped cannot act on what dies; then it is killed and its
# successor must find out from the spawner.  (What has run for a while the
# spawner starts again by itself, by standing order.)
old=$(helper monitor)
kill -STOP "$old"
victim=$(pid_of t3)
kill -KILL "$victim"
wait_for 5 gone "$victim"
kill -KILL "$old"
wait_for 5 is_new monitor "$old"
wait_for 5 restarted t3 0 "$victim"
wait_for 5 up
wait_for 5 is restarts t3 1
[ "$(starts t3)" -eq 2 ] || fail "t3 was started $(starts t3) times"
want=$(echo "$before" | sed "s/^t3.0 .*/t3.0 $(pid_of t3)/")
same_snapshot "$want" || fail "others were touched: $(snapshot)"

# Both at once, twice.
for round in 1 2; do
	before=$(snapshot)
	kill -KILL "$(helper monitor)" "$(helper httpd)"
	wait_for 10 up
	wait_for 10 served
	same_snapshot "$before" || fail "round $round touched tasks"
done
finish
