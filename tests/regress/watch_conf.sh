# The configuration and the roles file are followed: a change is loaded by
# itself, one that is wrong changes nothing, and one that came with a reload
# is not loaded twice.
. "${0%/*}/lib.sh"

loads()
{
	grep -c 'configuration .* loaded' "$T/log" || :
}
loaded()
{
	[ "$(loads)" -ge "$1" ]
}
loaded_only()
{
	[ "$(loads)" -eq "$1" ]
}

echo '{ tasks: { a: { commands: { start: ["'"$TASK"'"] } } } }' | conf
echo one >"$T/roles"
daemon
wait_for 10 runs a
wait_for 10 loaded 1
watch_for 1 loaded_only 1

conf <<CONF
tasks:
  a: { commands: { start: ["$TASK"] } }
  b: { commands: { start: ["$TASK"] } }
  c: { roles: [two], commands: { start: ["$TASK"] } }
CONF
wait_for 10 runs b
runs c && fail 'c is not in role'
note 'a configuration renamed over'

old=$(pid_of a)
echo 'tasks: { a: { comands: {} } }' >"$T/conf"
wait_for 10 logged "conf:1:.*comands"
watch_for 1 runs b
[ "$(pid_of a)" = "$old" ] || fail 'a wrong configuration was acted on'
note 'one that is wrong, in place'

was=$(loads)
cat >"$T/conf" <<CONF
tasks:
  a: { commands: { start: ["$TASK"] } }
  c: { roles: [two], commands: { start: ["$TASK"] } }
CONF
wait_for 10 runs_not b
wait_for 10 loaded $((was + 1))

echo two >>"$T/roles"
wait_for 10 runs c
note 'a role is added'

was=$(loads)
rm "$T/roles"
wait_for 10 logged 'roles file .* is gone'
watch_for 1 runs c
loaded_only "$was" || fail 'a lost file was acted on'
echo one >"$T/roles"
wait_for 10 runs_not c
note 'roles lost and found'

# A reload that somebody asks for is the only one.
at_rest 1 loads
was=$(loads)
conf <<CONF
settings: { settle: 2 }
tasks: { a: { commands: { start: ["$TASK"] } } }
CONF
wait_for 10 loaded $((was + 1))
for try in 1 2 3; do
	at_rest 2 loads
	was=$(loads)
	t0=$(now_ms)
	echo '# more' >>"$T/conf"
	ctl reload >/dev/null || fail 'reload'
	if past "$t0" 1900; then
		note 'it may have been loaded by itself before'
		continue
	fi
	wait_for 10 loaded $((was + 1))
	watch_for 4 loaded_only $((was + 1))
	note 'once'
	break
done

# What changes while there is no monitor is found by the next one.
m=$(helper monitor)
kill -STOP "$m"
echo '{ tasks: { z: { commands: { start: ["'"$TASK"'"] } } } }' | conf
kill -KILL "$m"
wait_for 20 runs z
note 'while the monitor was away'
finish
