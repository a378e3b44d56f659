# Each exit status of taskforcectl, by each command that can come to it, and
# that a request which is wrong in one place is not carried out in another.
. "${0%/*}/lib.sh"

# exits STATUS ARGUMENT ...; output in out and err.
exits()
{
	want=$1
	shift
	ctl "$@" >"$T/out" 2>"$T/err"
	code=$?
	[ $code -eq "$want" ] || fail "$code instead of $want:" \
	    "taskforcectl $*: $(cat "$T/out" "$T/err")"
	# The same without a word; not what would do it twice.
	[ -z "$again" ] && return
	ctl -q "$@" >"$T/out2" 2>&1
	code=$?
	[ $code -eq "$want" ] || fail "-q: $code instead of $want: $*"
	[ ! -s "$T/out2" ] || fail "-q: $*: $(cat "$T/out2")"
}
says()
{
	grep -qE -- "$1" "$T/out" "$T/err" ||
	    fail "no '$1' in: $(cat "$T/out" "$T/err")"
}

good_conf()
{
	conf <<-CONF
	tasks:
	  web:
	    roles: [front]
	    count: 2
	    commands: { start: ["$TASK"], good: ["true"], bad: ["false"] }
	  db: { commands: { start: ["$TASK"] } }
	  event: { control: event, commands: { start: ["$TASK"] } }
	  off: { control: "off", commands: { start: ["$TASK"] } }
	  broken: { commands: { start: ["$T/none"] } }
	  slow: { start_delay: 60, commands: { start: ["$TASK"] } }
	  deaf: { stop_timeout: 60, commands: { start: ["$TASK", "-i"] } }
	CONF
}
good_conf
daemon
wait_for 10 is running web 2
wait_for 10 is running db 1
wait_for 10 runs deaf
web=$(pid_of web 0)
again=yes

# 0: done, or answered.
ctl status >/dev/null || fail "status: $?"
exits 0 status web db:0
exits 0 why all
exits 0 version
exits 0 plan
exits 0 reload
exits 0 start web
says 'no change|running'
exits 0 stop event
exits 0 control db=wait
says 'no change'
exits 0 count web=2
exits 0 run web good
[ "$(pid_of web 0)" = "$web" ] || fail 'web was touched'
exits 0 stop db
wait_for 5 runs_not db
exits 0 start db
wait_for 5 runs db
exits 0 restart db:0
exits 0 count web=3
is running web 3 || fail 'count did not wait'
exits 0 control db=off
is state db off || fail "control did not wait: $(column state db)"
exits 0 control db=wait
wait_for 5 runs db
again=
wait_for 10 runs web 2
exits 0 signal TERM web:2
wait_for 10 started_times web 2 2
again=yes

# 1: a change did not succeed.
exits 1 start broken
says 'broken .*no-program'
exits 1 restart broken
exits 1 run web bad
says 'exited 1'
exits 1 start off
says 'off .*control-off'
exits 1 signal HUP event
again=

# 2: wrong usage, or the configuration is invalid.
exits 2 count web=x
says 'bad count'
exits 2 count web=0
says 'non-positive count'
exits 2 count web=-1
exits 2 count web=4 db=x
is count web 3 || fail 'half of it was done'
exits 2 control web=wiat
says "bad control 'wiat'"
exits 2 control web=off web=wait
exits 2 signal NOSUCH web
says "bad signal 'NOSUCH'"
exits 2 start
exits 2 count web
echo 'tasks: { x: {} }' >"$T/bad"
exits 2 check -f "$T/bad"
says "$T/bad:1:"
exits 2 plan -f "$T/bad"
says "$T/bad:1:"
echo 'tasks: { x: {} }' | conf
exits 2 reload
exits 2 check
exits 2 plan
good_conf
exits 0 reload
is state broken failed || fail "broken: $(column state broken)"
# What is missing here is a matter of a check, not of a plan.
exits 0 plan
exits 2 check
says "$T/none"

# 3: status -q.
exits 0 -q status web deaf
exits 3 -q status web broken
exits 3 -q status

# 4: no such task, slot or role.
again=yes
for name in nosuch 'x*' @nosuch web:99 nosuch:0; do
	for command in status why start stop restart 'signal HUP'; do
		exits 4 $command "$name"
	done
	exits 4 stop db "$name"
	runs db || fail "stop db $name was done by half"
done
exits 4 run web nosuch
says "no command 'nosuch'"
exits 4 run nosuch good
exits 4 count nosuch=2
exits 4 control @nosuch=off
exits 4 start wbe
says "did you mean 'web'"

# 5: not in time, but it goes on.
again=
exits 5 -t 0.3 start slow
says 'slow .*not within'
t0=$(now_ms)
exits 5 -t 0.3 stop deaf
took=$(($(now_ms) - t0))
[ $took -ge 300 ] || fail "-t 0.3 waited $took ms"
is state deaf stopping || fail "deaf: $(column state deaf)"
# -t 0 does not wait, and cannot be late.
exits 0 -t 0 stop deaf
exits 0 -t 0 stop web
wait_for 5 runs_not web

# 6: no daemon, 7: not permitted (ctl_rights.sh has the others).
for command in status 'why web' reload 'start web' plan check stop; do
	"$CTL" -q -s "$T/nosock" $command
	[ $? -eq 6 ] || fail "no daemon: $command: $?"
done
if [ $ROOT = no ]; then
	chmod 0 "$T/sock"
	exits 7 status
	chmod 660 "$T/sock"
fi

kill -KILL "$(pid_of deaf)"
finish
