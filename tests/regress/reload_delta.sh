# A reload that finds the same tasks tells the monitor only what differs; it
# comes to the same as one that tells everything.
. "${0%/*}/lib.sh"

delta_conf()
{
	conf <<CONF
tasks:
  web: { commands: { start: ["$TASK"] } }
  api: { defines: { COLOUR: $1 }, commands: { start: ["$TASK"] } }
  job: { control: once, commands: { start: ["$TASK", -a, "0"] } }
  back: { control: ${2:-wait}, requires: [api, job],
    commands: { start: ["$TASK"] } }
CONF
}

reload()
{
	ctl reload >"$T/out" 2>&1 || fail "reload: $(cat "$T/out")"
}

delta_conf red
daemon
wait_for 20 is state back running
wait_for 10 is state job done
wait_for 10 settled
web=$(pid_of web)
api=$(pid_of api)
back=$(pid_of back)

# One task has changed: it alone is started again; a count that was asked for
# is void; what has run once is not run again.
ctl count web=3 >/dev/null || fail "count: $?"
wait_for 10 runs web 2
delta_conf blue
reload
wait_for 20 restarted api 0 "$api"
wait_for 20 runs_not web 2
[ "$(pid_of web)" = "$web" ] && lives "$web" || fail 'web was touched'
[ "$(pid_of back)" = "$back" ] && lives "$back" || fail 'back was touched'
[ "$(starts job)" -eq 1 ] || fail 'the job ran again'
is count web 1 || fail "web has count $(column count web)"

# Nothing has changed.
api=$(pid_of api)
wait_for 10 settled
before=$(snapshot)
reload
same_snapshot "$before" || fail 'a reload of the same touched something'

# There and back before the process has ended, and a monitor that dies.
delta_conf red
reload
delta_conf blue
reload
kill -KILL "$(helper monitor)"
wait_for 20 up
wait_for 20 is state api running
for t in web api back; do
	wait_for 10 runs $t
done
wait_for 10 settled
[ "$(pid_of web)" = "$web" ] || fail 'web was touched'

# What the start does not depend on is applied in place.
delta_conf blue suspend
reload
wait_for 20 runs_not back
is reason back suspended || fail "back: $(column reason back)"
delta_conf blue
reload
wait_for 20 runs back

# By request as before, under the plan of now.
kill -KILL "$(pid_of web)"
wait_for 20 restarted web 0 "$web"
ctl restart api >"$T/out" 2>&1 || fail "restart: $(cat "$T/out")"
finish
