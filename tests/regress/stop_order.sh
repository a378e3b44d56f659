# The daemon stops tasks in reverse order of requires, independent ones side
# by side.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  base: { commands: { start: ["$TASK", "-l", "200"] } }
  mid1: { requires: [base], commands: { start: ["$TASK", "-l", "1500"] } }
  mid2: { requires: [base], commands: { start: ["$TASK", "-l", "1500"] } }
  top: { requires: [mid1, mid2], commands: { start: ["$TASK", "-l", "300"] } }
CONF
daemon
# Each heeds SIGTERM as it was told.
for t in base mid1 mid2 top; do
	wait_for 5 runs $t
done
stop_daemon

before()
{
	[ "$1" -le "$2" ] || fail "$3"
}
in_order()
{
	for m in mid1 mid2; do
		before "$(event_ms exit top)" "$(event_ms term $m)" \
		    "$m was stopped before top was gone"
		before "$(event_ms exit $m)" "$(event_ms term base)" \
		    "base was stopped before $m was gone"
	done
	before "$(event_ms term mid1)" "$(event_ms exit mid2)" \
	    'not side by side'
	before "$(event_ms term mid2)" "$(event_ms exit mid1)" \
	    'not side by side'
}
in_order

note 'a ^C that is passed on as well is told twice'
rm "$RUNDIR"/*.0 "$RUNDIR/log"
daemon
for t in base mid1 mid2 top; do
	wait_for 5 runs $t
done
kill -INT "$DPID"
stop_daemon
in_order
exit 0
