# deadline: 120
# taskforcectl plan: of every kind of change it tells what the reload then
# does, to the process, and changes nothing itself; check tells what is wrong
# with a configuration and changes nothing either.
. "${0%/*}/lib.sh"

# The tasks of which a table of -p says more than that all is kept.
touched()
{
	awk -F '\t' '$1 == "task" && ($4 || $5 || $6 || $7 != "-" ||
	    $8 != "-")' "$1" | sort
}

generation()
{
	ctl status | sed -n 's/.*; configuration \([0-9]*\) of .*/\1/p'
}

# plan_is NAME: the plan of $T/next says what is on standard input, a line a
# task: name kept started stopped restarted new why; then the reload does it.
plan_is()
{
	while read -r name kept started stopped restarted new why; do
		printf 'task\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$name" \
		    "$kept" "$started" "$stopped" "$restarted" "$new" "$why"
	done | sort >"$T/want"
	wait_for 10 settled
	before=$(snapshot)
	gen=$(generation)
	ctl -p plan -f "$T/next" >"$T/plan" 2>&1 ||
	    fail "$1: plan: $? $(cat "$T/plan")"
	touched "$T/plan" >"$T/got"
	diff "$T/want" "$T/got" >"$T/diff" ||
	    fail "$1: plan: $(cat "$T/diff")"
	same_snapshot "$before" || fail "$1: the plan changed something"
	[ "$(generation)" = "$gen" ] || fail "$1: the plan was loaded"
	conf <"$T/next"
	ctl -p reload >"$T/done" 2>&1 || fail "$1: $? $(cat "$T/done")"
	touched "$T/done" | diff "$T/got" - >"$T/diff" ||
	    fail "$1: reload: $(cat "$T/diff")"
}

# It is for us to say when a file is loaded.
cat >"$T/first" <<CONF
settings: { settle: 600 }
tasks:
  web: { count: 3, commands: { start: ["$TASK"] } }
  db: { commands: { start: ["$TASK"] } }
  app: { roles: [back], requires: db, commands: { start: ["$TASK"] } }
  cron: { control: event, commands: { start: ["$TASK"] } }
CONF
conf <"$T/first"
printf 'front\n' >"$T/roles"
daemon
wait_for 10 is running web 3
wait_for 10 is running db 1

# next SED-SCRIPT: the configuration, changed so.
next()
{
	sed "$1" "$T/conf" >"$T/next"
	cmp -s "$T/conf" "$T/next" && fail "no change: $1"
}

cp "$T/conf" "$T/next"
plan_is 'no change' </dev/null
grep -q '^ok	.* 4 kept' "$T/plan" ||
    fail "kept processes are not told: $(cat "$T/plan")"

next "/web:/s|\"\]|\", -l, \"1\"]|"
web=$(pid_of web 0)
plan_is 'arguments' <<WANT
web 0 0 0 3 - command
WANT
wait_for 5 restarted web 0 "$web"
wait_for 10 is running web 3

next '/web:/s/count/defines: { X: y }, count/'
plan_is 'environment' <<WANT
web 0 0 0 3 - environment
WANT
wait_for 10 is running web 3

next "/db:/s|db: {|db: { cwd: $T, procname: data, |"
plan_is 'two reasons' <<WANT
db 0 0 0 1 - environment, working directory, process name
WANT
wait_for 10 is running db 1

next '/web:/s/count: 3/count: 5/'
plan_is 'more of it' <<WANT
web 3 2 0 0 - count 3 -> 5
WANT
wait_for 10 is running web 5

next '/web:/s/count: 5/count: 2/'
plan_is 'less of it' <<WANT
web 2 0 3 0 - count 5 -> 2
WANT

next '/web:/s/count/control: suspend, count/'
plan_is 'suspended' <<WANT
web 0 0 2 0 - control wait -> suspend
WANT
wait_for 10 is state web suspended
next '/web:/s/control: suspend, //'
plan_is 'again' <<WANT
web 0 2 0 0 - control suspend -> wait
WANT
wait_for 10 is running web 2

{ grep -v db: "$T/conf" | sed 's/requires: db, //'
echo "  new: { count: 2, commands: { start: [\"$TASK\"] } }"; } >"$T/next"
plan_is 'one gone, one new' <<WANT
db 0 0 1 0 removed -
new 0 2 0 0 new -
WANT
wait_for 10 is running new 2

# What does not touch a process, and is a change all the same.
next '/new:/s/commands/time_limit: 1000, commands/'
wait_for 10 settled
before=$(snapshot)
plan_is 'in place' </dev/null
same_snapshot "$before" || fail 'a limit restarted something'

# Roles: of the file, of the command line, none.
wait_for 10 settled
before=$(snapshot)
ctl -p plan -R back >"$T/out" || fail "plan -R: $?"
starts_app()
{
	touched "$T/out" >"$T/got"
	grep -q '^task	app	0	1	0	0	' "$T/got" ||
	    fail "$1: $(cat "$T/out")"
}
starts_app -R
printf 'back\n' >"$T/roles2"
ctl -p plan -r "$T/roles2" | diff "$T/out" - || fail '-r is not as -R'
ctl -p plan -R '' >"$T/out" || fail "plan -R '': $?"
touched "$T/out" |
    grep -q app && fail "no role: $(cat "$T/out")"
ctl -p plan -r '' >"$T/out" || fail "plan -r '': $?"
starts_app "-r ''"
same_snapshot "$before" || fail 'a plan changed something'
cp "$T/roles2" "$T/roles"
cp "$T/conf" "$T/next"
plan_is 'a role' <<WANT
app 0 1 0 0 - in role now
WANT
wait_for 10 is running app 1

# For people.
next '/web:/s/count: 2/count: 1/'
ctl plan -f "$T/next" >"$T/out" || fail "plan: $?"
grep -qE '^TASK +WOULD +BECAUSE$' "$T/out" &&
    grep -qE '^web +stop 1, keep 1 +count 2 -> 1$' "$T/out" ||
    fail "plan: $(cat "$T/out")"
ctl plan -f "$T/next" -j | grep -q '"stopped": 1' || fail 'plan -j'

# A configuration that is wrong, which no plan makes the daemon's own.
wait_for 10 settled
before=$(snapshot)
echo 'tasks: { x: {} }' >"$T/bad"
for command in plan check; do
	ctl $command -f "$T/bad" >"$T/out" 2>"$T/err"
	[ $? -eq 2 ] || fail "$command of a bad file: $(cat "$T/out")"
	grep -q "^$T/bad:1:" "$T/out" || fail "$command: $(cat "$T/out")"
	[ -s "$T/err" ] || fail "$command: no word on stderr"
done
ctl status | grep -q '[0-9] in force$' || fail 'the health is another'

# check is about this host as well; a plan tells what would be done here.
ctl check >"$T/out" 2>&1 || fail "check: $(cat "$T/out")"
sed "/web:/s|$TASK|$T/none|" "$T/conf" >"$T/next"
ctl check -f "$T/next" >"$T/out" 2>&1
[ $? -eq 2 ] || fail "check: no program: $(cat "$T/out")"
grep -q "$T/none" "$T/out" || fail "check: $(cat "$T/out")"
ctl plan -f "$T/next" >"$T/out" 2>&1 || fail "plan: $(cat "$T/out")"
grep -q "$T/none" "$T/out" || fail "plan: $(cat "$T/out")"
ctl check -r "$T/nofile" >"$T/out" 2>&1
[ $? -eq 2 ] || fail "check: no roles file: $(cat "$T/out")"
same_snapshot "$before" || fail 'something was changed'

# Two at once, and one that goes away.
ctl -p plan >"$T/one" &
one=$!
ctl -p plan >"$T/two" || fail "the second of two: $?"
wait $one || fail "the first of two: $?"
cmp "$T/one" "$T/two" || fail 'two plans differ'
"$CTL" -s "$T/sock" -t 0.001 plan >/dev/null 2>&1
alive
ctl check >/dev/null || fail "check: $?"
finish
