# The daemon stops tasks in reverse order of requires, independent ones side
# by side; told so twice at once, too.
. "${0%/*}/lib.sh"

# Those in the middle end when this test says so.
mid="{ requires: base, stop_timeout: 600,
    commands: { start: [\"$TASK\", -u, \"$T/go\"] } }"
conf <<CONF
tasks:
  base: { commands: { start: ["$TASK", "-l", "200"] } }
  mid1: $mid
  mid2: $mid
  top: { requires: [mid1, mid2], commands: { start: ["$TASK", "-l", "300"] } }
CONF

all_run()
{
	rm -f "$RUNDIR"/*.0 "$RUNDIR/log" "$T/go"
	daemon
	# Each heeds SIGTERM as it was told.
	for t in base mid1 mid2 top; do
		wait_for 5 runs $t
	done
	pids=$(snapshot | cut -d ' ' -f 2)
}
asked_to_stop()
{
	[ -n "$(event_ms term "$1")" ]
}
all_end()
{
	exit_status 30
	[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
	for p in $pids; do
		gone "$p" || fail "left running: $p"
	done
	no_crash
}
before()
{
	[ "$1" -le "$2" ] || fail "$3"
}
in_order()
{
	wait_for 20 asked_to_stop mid1
	wait_for 20 asked_to_stop mid2
	asked_to_stop base && fail 'base was stopped before they were gone'
	: >"$T/go"
	all_end
	for m in mid1 mid2; do
		before "$(event_ms exit top)" "$(event_ms term $m)" \
		    "$m was stopped before top was gone"
		before "$(event_ms exit $m)" "$(event_ms term base)" \
		    "base was stopped before $m was gone"
	done
}

all_run
kill -TERM "$DPID"
in_order
note 'those in the middle were asked while none of them had ended'

for try in 1 2 3; do
	all_run
	t0=$(now_ms)
	kill -INT "$DPID"
	kill -TERM "$DPID"
	if ! past "$t0" 500; then
		in_order
		note 'a ^C that is passed on as well is told twice'
		exit 0
	fi
	note 'the machine was away between the two: that is to insist'
	: >"$T/go"
	all_end
done
exit 0
