# deadline: 120
# A change is not lost, whatever is under way: its task stops, starts, or
# waits; verify runs; a reload comes; the monitor dies.  In the end each has
# the last content, and nothing more is done about it.
. "${0%/*}/lib.sh"

for f in slow fails checked moved; do
	echo 0 >"$T/$f"
done
tasks()
{
	cat <<CONF
tasks:
  slow:
    commands: { start: [/bin/sh, -c,
      "cat $T/slow >$RUNDIR/has.slow; exec $TASK -l 700"] }
    events: { type: file_change, path: "$T/slow", command: stop }
  fails:
    commands: { start: [/bin/sh, -c,
      "cat $T/fails >$RUNDIR/has.fails; exec $TASK -a 1 -s 1"] }
    events: { type: file_change, path: "$T/fails", command: stop }
  checked:
    commands:
      start: ["$TASK"]
      look: [/bin/sh, -c, "sleep 0.7; grep -q . $T/checked"]
      take: [/bin/sh, -c, "cat $T/checked >$RUNDIR/has.checked;
        echo took >>$RUNDIR/acts"]
    events: { type: file_change, path: "$T/checked", verify: look,
      command: take }
  moved:
    count: ${1:-1}
    commands:
      start: ["$TASK"]
      take: [/bin/sh, -c, "cat $T/moved >$RUNDIR/has.moved;
        echo moved >>$RUNDIR/acts"]
    events: { type: file_change, path: "$T/moved", command: take }
CONF
}
# As long as a task that ends by itself.
pause()
{
	"$TASK" -a "$1" -d "$T" >/dev/null
}
has()
{
	[ "$(cat "$RUNDIR/has.$1" 2>/dev/null)" = "$2" ]
}
another_monitor()
{
	p=$(helper monitor) && [ "$p" != "$1" ] && up
}
tasks | conf
daemon
wait_for 10 runs slow
wait_for 10 has fails 0
wait_for 10 runs checked
: >"$RUNDIR/has.moved"

# A change every so often, in all moments of a start and an end.
k=0
while [ $k -lt 12 ]; do
	k=$((k + 1))
	for f in slow fails checked moved; do
		echo $k >"$T/$f.new"
		mv "$T/$f.new" "$T/$f"
	done
	pause $((k * 700 % 1000))
	case $k in
	4 | 8)	tasks $((k / 4 + 1)) | conf
		ctl reload >/dev/null || fail 'reload' ;;
	6 | 10)	m=$(helper monitor)
		kill -KILL "$m"
		wait_for 20 another_monitor "$m" ;;
	esac
done
for f in slow fails checked moved; do
	wait_for 30 has $f $k
	note "$f has the last content"
done
wait_for 10 runs slow
state()
{
	echo "$(starts slow) $(acts took) $(acts moved)"
}
at_rest 2 state
note 'and nothing more is done'
[ "$(acts moved)" -le $((k + 2)) ] ||
    fail "$k changes were acted on $(acts moved) times"
finish
