# control suspend: never run, what runs is stopped; in scope, so that it is no
# hindrance for those that require it.

. "${0%/*}/lib.sh"

suspend_conf()
{
	conf <<CONF
tasks:
  web: { control: $1, commands: { start: ["$TASK"] } }
  dep: { requires: web, commands: { start: ["$TASK"] } }
CONF
}

suspend_conf suspend
daemon
wait_for 10 runs dep
wait_for 10 is state web suspended
is reason web suspended || fail "web: $(column reason web)"
[ "$(starts web)" -eq 0 ] || fail 'web was started'

dep=$(pid_of dep)
suspend_conf wait
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 10 runs web
web=$(pid_of web)
suspend_conf suspend
ctl reload >"$T/out" || fail "reload: $(cat "$T/out")"
wait_for 10 gone "$web"
wait_for 10 is state web suspended
[ "$(pid_of dep)" = "$dep" ] || fail 'dep was touched'

finish
