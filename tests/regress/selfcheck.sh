# deadline: 120
# The daemon's own programs are followed: when they are replaced, and the new
# ones take the running configuration, the daemon resets.  When they do not,
# or when others could have put them there, it goes on and says so.
. "${0%/*}/lib.sh"

mkdir -m 755 "$T/inst"
cp -R "$PREFIX/sbin" "$PREFIX/libexec" "$T/inst/"
chmod -R go-w "$T/inst"
TFD=$T/inst/sbin/taskforced
conf <<CONF
tasks:
  web: { commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 10 runs web
old=$(pid_of web)

replace()
{
	cp "$1" "$2.new"
	mv -f "$2.new" "$2"
}
alerts()
{
	ctl -j status | tr -d '\n' | grep -Eo '"alerts": *\[[^]]*\]'
}
alerted()
{
	alerts | grep -q -- "$1"
}
no_alert()
{
	alerts | grep -q '\[ *\]'
}
nothing()
{
	[ "$(pid_of web)" = "$old" ]
}
no_alert || fail "alerts: $(alerts)"

replace "$PREFIX/sbin/taskforced" "$TFD"
wait_for 20 restarted web 0 "$old"
alive
wait_for 10 logged 'takes the running configuration'
wait_for 10 logged 'starting anew'
note 'the same program in another file: a reset'

wait_for 10 ctl -q status web
old=$(pid_of web)
replace /bin/false "$TFD"
wait_for 20 alerted 'does not take the running configuration'
wait_for 10 logged 'does not take the running'
ctl status web | grep -q 'does not take the running' ||
    fail 'status does not show it'
watch_for 2 nothing
note 'one that fails: all stays'

kill -KILL "$(helper monitor)"
wait_for 20 alerted 'does not take the running configuration'
watch_for 2 nothing
note 'a fresh monitor knows it, and it is not tried again'

chmod go+w "$T/inst/sbin"
replace "$PREFIX/sbin/taskforced" "$TFD"
wait_for 20 alerted 'others may write it'
watch_for 2 nothing
note 'anybody may have put it there: all stays'

chmod go-w "$T/inst/sbin"
replace "$PREFIX/libexec/taskforced/monitor" \
    "$T/inst/libexec/taskforced/monitor"
wait_for 20 restarted web 0 "$old"
wait_for 10 no_alert
note 'a helper, and all is well again: a reset'
finish
