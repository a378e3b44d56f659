# taskforcectl plan of the daemon's own files, where more than the file decides
# what the reload then does: roles, what was asked for, what waits.  The kinds
# of change, and files of others, are in ctl_plan.sh.
. "${0%/*}/lib.sh"

# The daemon follows its files: here it shall wait for us.
conf()
{
	{ cat; echo 'settings: { settle: 600 }'; } >"$T/conf.new" &&
	    mv "$T/conf.new" "$T/conf"
}

# The lines about tasks and the sum, without the words that differ.
effects()
{
	ctl -p "$@" >"$T/out" || fail "$*: $?: $(cat "$T/out")"
	grep '^task' "$T/out"
	sed -n 's/^ok.*: \(.* restarted, .*\)/\1/p' "$T/out"
}

# planned PATTERN ...: plan and reload say the same, with all of these in it.
planned()
{
	wait_for 10 settled
	before=$(snapshot)
	effects plan >"$T/plan"
	same_snapshot "$before" || fail "plan has touched something"
	effects reload >"$T/reload"
	cmp -s "$T/plan" "$T/reload" || fail "plan and reload differ:" \
	    "$(diff "$T/plan" "$T/reload")"
	for pattern; do
		grep -q "$pattern" "$T/plan" ||
		    fail "no '$pattern': $(cat "$T/plan")"
	done
}

start="commands: { start: [\"$TASK\"] }"
conf <<CONF
tasks:
  web: { count: 2, $start }
  db: { $start }
CONF
printf 'here\n' >"$T/roles"
daemon
wait_for 10 is running web 2
wait_for 10 is running db 1
wait_for 10 settled
before=$(snapshot)
planned '^0 restarted, 0 started, 0 stopped, 3 kept$'
[ "$(wc -l <"$T/plan")" -eq 1 ] || fail "more than the sum: $(cat "$T/plan")"
same_snapshot "$before" || fail 'a reload of the same has touched something'

note 'tasks and roles come and go'
db=$(pid_of db)
conf <<CONF
tasks:
  new: { $start }
  web: { count: 2, roles: [there], $start }
CONF
planned '^task.new.*new' '^task.db.*removed' 'web.*not in role' \
    '1 started, 3 stopped, 0 kept'
wait_for 10 runs new
wait_for 10 runs_not web 1
wait_for 10 gone "$db"

note 'a list of roles'
before=$(snapshot)
ctl plan -R here,there >"$T/out" || fail "plan -R: $?"
grep -q 'web.*in role now' "$T/out" || fail "$(cat "$T/out")"
same_snapshot "$before" || fail 'the plan has touched something'

note 'what was asked for'
ctl count new=2 >/dev/null || fail "count: $?"
wait_for 10 runs new 1
ctl stop new:0 >/dev/null || fail "stop: $?"
planned 'new.*count 2 -> 1'

note 'what is on its way already is not started by the reload'
conf <<CONF
tasks:
  never: { control: 'off', $start }
  later: { requires: never, $start }
  late2: { requires: never, count: 2, $start }
CONF
planned '^task.later.*new' '^task.late2.*new' '3 started'
planned '^0 restarted, 0 started, 0 stopped, 0 kept$'
[ "$(wc -l <"$T/plan")" -eq 1 ] || fail "more than the sum: $(cat "$T/plan")"
conf <<CONF
tasks:
  never: { control: 'off', $start }
  later: { requires: never, $start }
  late2: { requires: never, count: 3, $start }
CONF
planned '^task.late2.*count 2 -> 3' '1 started'
finish
