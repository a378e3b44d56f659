# taskforcectl control: off and suspend stop, wait starts again; who requires
# a task that is off waits, one that is suspended does not hold it; void with
# a configuration event.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  db: { commands: { start: ["$TASK"] } }
  web: { requires: db, commands: { start: ["$TASK"] } }
  free: { commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 10 runs web
wait_for 10 runs free
wait_for 10 runs db
free=$(pid_of free)
web=$(pid_of web)
db=$(pid_of db)

ctl control db=off >/dev/null || fail "off: $?"
gone "$db" || fail 'db runs'
is state db off || fail "db is $(column state db)"
[ "$(pid_of web)" = "$web" ] || fail 'web was touched'
kill -KILL "$web"
wait_for 5 is state web waiting
ctl control db=suspend >/dev/null || fail "suspend: $?"
wait_for 5 runs web
web=$(pid_of web)
is reason db suspended || fail "db: $(column reason db)"
ctl control db=suspend | grep -q 'no change' || fail 'what is so is no change'

note 'nothing is done when anything is wrong'
for wrong in db=upside-down db=adopt nobody=off; do
	ctl control free=off $wrong >"$T/out" 2>&1 && fail "$wrong was taken"
	[ "$(pid_of free)" = "$free" ] || fail "$wrong: free was touched"
done
ctl control db=on 2>&1 | grep -q "bad control 'on'" ||
    fail 'it does not say what is wrong'

ctl control db=wait >/dev/null || fail "wait: $?"
wait_for 5 runs db
db=$(pid_of db)
ctl control db=once >/dev/null || fail "once: $?"
[ "$(pid_of db)" = "$db" ] || fail 'db was touched'
kill -KILL "$db"
wait_for 5 is state db 'done'
ctl reload >/dev/null || fail "reload: $?"
wait_for 5 runs db
[ "$(pid_of web) $(pid_of free)" = "$web $free" ] ||
    fail 'others were touched'
finish
