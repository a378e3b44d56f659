# taskforcectl count: the highest slots come and go, the others and all other
# tasks keep their pids; all or nothing; void with a configuration event.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web: { count: 2, commands: { start: ["$TASK"] } }
  db: { commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 10 runs web 0
wait_for 10 runs web 1
wait_for 10 runs db
before=$(snapshot)

ctl count web=4 >"$T/out" || fail "count: $?: $(cat "$T/out")"
is running web 4 || fail 'it came back before they ran'
wait_for 5 runs web 2
wait_for 5 runs web 3
[ "$(snapshot | grep -v '^web\.[23]')" = "$before" ] ||
    fail 'others were touched'
is count web 4 || fail "status says $(column count web)"
w3=$(pid_of web 3)

ctl count web=3 >/dev/null || fail "count: $?"
gone "$w3" || fail 'it came back before web:3 was gone'
[ "$(snapshot | grep -v '^web\.2')" = "$before" ] || fail 'others were touched'

note 'nothing is done when anything is wrong'
for wrong in web=0 web=x web=1025 nobody=2; do
	ctl count db=2 $wrong >"$T/out" 2>&1 && fail "$wrong was taken"
	is count db 1 || fail "$wrong: db was changed"
done
ctl count db=0 2>&1 | grep -q "non-positive count '0'" ||
    fail 'it does not say what is wrong'
ctl count db=1 | grep -q 'no change' || fail 'what is so is no change'

note 'a configuration event: what the file says'
ctl reload >/dev/null || fail "reload: $?"
wait_for 10 runs_not web 2
same_snapshot "$before" || fail 'others were touched'

note 'a crash of the monitor is none'
ctl count web=3 >/dev/null || fail "count: $?"
wait_for 5 runs web 2
before=$(snapshot)
kill -KILL "$(helper monitor)"
wait_for 20 up
is count web 3 || fail "count is $(column count web) now"
same_snapshot "$before" || fail 'a process was touched'
finish
