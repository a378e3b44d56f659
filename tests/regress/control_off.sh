# control off: never run, what runs is stopped; out of scope, so that what
# requires it does not start, and says so.

. "${0%/*}/lib.sh"

off_conf()
{
	conf <<CONF
tasks:
  web: { control: "$1", commands: { start: ["$TASK"] } }
  dep: { requires: web, commands: { start: ["$TASK"] } }
  free: { commands: { start: ["$TASK"] } }
CONF
}

off_conf off
daemon
wait_for 10 runs free
wait_for 10 is state web off
is reason web control-off || fail "web: $(column reason web)"
wait_for 10 is state dep waiting
ctl status dep | grep -q web || fail 'dep does not say for whom it waits'

off_conf wait
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 10 runs web
wait_for 10 runs dep
web=$(pid_of web)
dep=$(pid_of dep)
off_conf off
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 10 gone "$web"
wait_for 10 is state web off
# Requirements order starting only.
[ "$(pid_of dep)" = "$dep" ] && lives "$dep" || fail 'dep was touched'

finish
