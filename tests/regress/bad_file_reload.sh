# A bad file at reload: the old state is kept, the failure is shown until a
# load succeeds.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web: { count: 2, commands: { start: ["$TASK"] } }
  db: { commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 5 runs web 0
wait_for 5 runs web 1
wait_for 5 runs db
before=$(snapshot)

conf <<CONF
tasks:
  web: { count: 2, comands: {}, commands: { start: ["/bin/false"] } }
  db: { control: no-such-word, commands: { start: ["$TASK"] } }
  new: { commands: { start: ["$TASK"] } }
CONF
ctl reload >"$T/out" 2>&1
[ $? -eq 2 ] || fail "reload of a bad file: status $?"
grep -q 'conf:3:[0-9]*: ' "$T/out" || fail "reload does not say where"
same_snapshot "$before" || fail 'processes were touched'
ctl status >"$T/out"
grep -q 'conf:3:' "$T/out" || fail 'status does not show the failure'
ctl -j status | grep -q 'conf:3:' || fail 'JSON does not show the failure'
ctl -p status | grep -q '^new	' && fail 'part of the bad file is in force'
# SIGHUP is the same door.
kill -HUP "$DPID"
failures()
{
	[ "$(grep -c 'conf:3:' "$T/log")" -ge "$1" ]
}
wait_for 5 failures 2
same_snapshot "$before" || fail 'processes were touched by SIGHUP'

conf <<CONF
tasks:
  web: { count: 2, commands: { start: ["$TASK"] } }
  db: { commands: { start: ["$TASK"] } }
CONF
ctl reload >"$T/out" 2>&1 || fail "reload of a good file: status $?"
ctl status | grep -q 'conf:3:' && fail 'status still shows the failure'
same_snapshot "$before" || fail 'processes were touched by the good file'
finish
