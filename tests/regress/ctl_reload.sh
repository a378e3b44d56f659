# taskforcectl reload: prints the messages of the load and what was done;
# with errors, prints them, exits 2, and nothing changes.
. "${0%/*}/lib.sh"

reload_is()
{
	want=$1
	shift
	ctl "$@" reload >"$T/out" 2>"$T/err"
	code=$?
	[ $code -eq "$want" ] || fail "reload: $code instead of $want:" \
	    "$(cat "$T/out" "$T/err")"
}

conf <<CONF
tasks:
  web: { commands: { start: ["$TASK"] } }
  old: { commands: { start: ["$TASK"] } }
# The daemon follows its files: here it shall wait for us.
settings: { settle: 600 }
CONF
daemon
wait_for 10 runs web
wait_for 10 runs old
web=$(pid_of web)
old=$(pid_of old)

reload_is 0
grep -q ' 2 kept' "$T/out" || fail "nothing changed: $(cat "$T/out")"

conf <<CONF
tasks:
  web: { commands: { start: ["$TASK"] }, colour: red }
  new: { commands: { start: ["$TASK"] } }
settings: { settle: 600 }
CONF
reload_is 0
grep -q "$T/conf:2:.*colour" "$T/out" || fail "no warning: $(cat "$T/out")"
grep -q '1 started, 1 stopped, 1 kept' "$T/out" || fail "$(cat "$T/out")"
wait_for 10 runs new
wait_for 10 gone "$old"
[ "$(pid_of web)" = "$web" ] || fail 'web was touched'

conf <<CONF
tasks:
  web:
    control: wiat
    commands: { start: ["$TASK"] }
  new: { requires: nothing }
CONF
before=$(snapshot)
reload_is 2
grep -q "$T/conf:3:.*wiat" "$T/out" || fail "first error: $(cat "$T/out")"
grep -q "$T/conf:5:.*" "$T/out" || fail "second error: $(cat "$T/out")"
[ -s "$T/err" ] || fail 'no word on stderr'
reload_is 2 -q
[ ! -s "$T/out" ] && [ ! -s "$T/err" ] || fail '-q is not quiet'
same_snapshot "$before" || fail 'a failed load has changed something'
ctl status >"$T/out" || fail "status: $?"
grep -q 'still in force' "$T/out" && grep -q "load failed: $T/conf:3:" \
    "$T/out" || fail "status hides it: $(cat "$T/out")"
ctl -j status >"$T/out"
grep -q '"ok": false' "$T/out" || fail "JSON hides it: $(cat "$T/out")"

conf <<CONF
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
reload_is 0 -t 0
grep -q initiated "$T/out" || fail "-t 0: $(cat "$T/out")"
healthy()
{
	ctl status | grep -q '[0-9] in force$' && ! ctl status | grep -q failed
}
wait_for 10 healthy
wait_for 10 runs_not new
[ "$(pid_of web)" = "$web" ] || fail 'web was touched'
finish
