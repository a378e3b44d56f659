# What each kind of change of the configuration does to what runs: only what a
# process was started with starts it again, all else is taken on in place.

. "${0%/*}/lib.sh"

# A line of the task for each test: change LINE; the neighbour never changes.
change()
{
	{
		echo 'tasks:'
		echo "  web: { $1 }"
		echo "  dep: { commands: { start: [\"$TASK\"] } }"
		echo "  job: { control: event, commands: { start:" \
		    "[\"$TASK\", -a, \"1\"] } }"
	} | conf
}

reload()
{
	change "$1"
	ctl reload >"$T/out" 2>&1 || fail "reload: $(cat "$T/out")"
}

START="commands: { start: [\"$TASK\"] }"
change "$START"
daemon
wait_for 10 runs web
wait_for 10 runs dep
dep=$(pid_of dep)

again()
{
	old=$(pid_of web)
	# Another user can neither replace the one nor write to the other.
	rm -f "$RUNDIR/web.0"
	chmod 666 "$RUNDIR/log"
	reload "$2"
	wait_for 10 restarted web 0 "$old"
	gone "$old" || fail "$1: two of web"
	note "$1: started again"
}

kept()
{
	old=$(pid_of web)
	reload "$2"
	[ "$(pid_of web)" = "$old" ] && lives "$old" ||
	    fail "$1: web was touched"
	note "$1: kept"
}

again argv "commands: { start: [\"$TASK\", x] }"
again environment "commands: { start: [\"$TASK\", x] }, defines: { A: b }"
again cwd "commands: { start: [\"$TASK\", x] }, defines: { A: b }, cwd: $RUNDIR"
again procname "$START, procname: weaver"
if [ $ROOT = yes ]; then
	again user "$START, procname: weaver, user: nobody"
	again group "$START, procname: weaver, user: nobody, group: daemon"
fi
again back "$START"

kept requires "$START, requires: dep"
kept onexit "$START, onexit: [{ type: start, task: job }]"
kept event "$START, events: [{ type: file_change, path: $T/x, signal: HUP }]"
kept role "$START, roles: []"
kept limits "$START, time_limit: 1000, start_delay: 0.1, stop_timeout: 3"
kept control "$START, control: once"
kept back "$START"
kept more "$START, count: 3"
wait_for 10 runs web 2
web1=$(pid_of web 1)
web2=$(pid_of web 2)
kept less "$START, count: 2"
wait_for 10 gone "$web2"
[ "$(pid_of web 1)" = "$web1" ] && lives "$web1" || fail 'web:1 was touched'
[ "$(pid_of dep)" = "$dep" ] && lives "$dep" || fail 'dep was touched'

finish
