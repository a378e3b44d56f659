# taskforcectl why: the chain of causes down to the root, and what would
# clear it; every remedy that is a command is tried.
. "${0%/*}/lib.sh"

printf 'front\n' >"$T/roles"
# Another user is an error only of who may not become that.
priv="other: { commands: { start: [\"$TASK\"] } }"
[ $ROOT = yes ] ||
    priv="other: { user: root, commands: { start: [\"$TASK\"] } }"
conf <<CONF
tasks:
  web: { requires: app, commands: { start: ["$TASK"] } }
  app: { requires: db, commands: { start: ["$TASK"] } }
  db: { roles: [back], commands: { start: ["$TASK"] } }
  held: { commands: { start: ["$TASK"] } }
  dark: { control: "off", commands: { start: ["$TASK"] } }
  asleep: { control: suspend, commands: { start: ["$TASK"] } }
  ev: { control: event, commands: { start: ["$TASK", "-a", "60000"] } }
  lost: { commands: { start: ["$T/no/such/program"] } }
  flaps: { commands: { start: ["$TASK", "-a", "1", "-s", "3"] } }
  job: { control: once, commands: { start: ["$TASK", "-a", "1", "-s",
         "2"] } }
  after: { requires: "job:ok", commands: { start: ["$TASK"] } }
  nocwd: { cwd: "$T/later", commands: { start: ["$TASK"] } }
  slow: { start_delay: 600, commands: { start: ["$TASK"] } }
  queue: { requires: slow, commands: { start: ["$TASK"] } }
  stubborn: { control: event, stop_timeout: 60,
    commands: { start: ["$TASK", "-i"] } }
  who: { user: no-such-user, commands: { start: ["$TASK"] } }
  $priv
CONF
mkdir "$T/later"
daemon
wait_for 10 runs held
wait_for 10 runs nocwd
wait_for 10 is state job 'done'

# why TASK and what its lines must have, one pattern a line.
why()
{
	t=$1
	shift
	try_for 20 tells "$@" || fail "why $t: not all of: $*: $(cat "$T/out")"
}
# What is tried again and again has moments of its own.
tells()
{
	ctl why "$t" >"$T/out" || fail "why $t: $?"
	for pattern; do
		grep -q -- "$pattern" "$T/out" || return 1
	done
}

why web '^web: waiting.*waits-for: app' '^  app: waiting.*waits-for: db' \
    '^    db: off.*not-in-role' 'role back is not in force'
[ "$(grep -c 'to clear it' "$T/out")" = 1 ] || fail 'one root, one remedy'
why lost 'no-program' 'reload'
why after 'waits-for: job' 'exited 2' 'exit 0 is required'
why held '^held: running'
grep -q 'to clear it' "$T/out" && fail 'what runs needs no remedy'
# It is tried again all the time: not every moment has a last end to tell.
flaps_tells()
{
	ctl why flaps | grep -q 'exited 3'
}
wait_for 20 flaps_tells

why queue '^queue: waiting.*waits-for: slow' '^  slow: starting.*start-delay'
why who 'unknown-user' 'create that account'
[ $ROOT = yes ] || why other 'not-privileged' 'taskforced as root'
ctl -t 0 start stubborn >/dev/null || fail "start: $?"
wait_for 10 runs stubborn
ctl -t 0 stop stubborn >/dev/null || fail "stop: $?"
why stubborn '^stubborn: stopping.*killed at' 'is being stopped'
kill -KILL "$(pid_of stubborn)"

note 'the words are those of status'
for t in web db lost after queue slow who; do
	ctl why $t | grep -q "$(column reason $t)" ||
	    fail "$t: status says $(column reason $t)"
done

# Types what it says: the first command in the remedy.
follow()
{
	ctl why "$1" | sed -n '/to clear it: /{
	    s/.*\(taskforcectl [^,;]*\).*/\1/p
	}' >"$T/cmd"
	read -r name verb what rest <"$T/cmd" || fail "$1: no command"
	[ "$name" = taskforcectl ] || fail "$1: no command"
	ctl "$verb" "$what" >"$T/out" 2>&1 ||
	    fail "$1: $verb $what: $(cat "$T/out")"
}
note 'what it says to type helps'
ctl stop held >/dev/null || fail "stop: $?"
why held held-by-operator 'taskforcectl start held'
for t in held dark asleep; do
	follow $t
	wait_for 10 runs $t
done
ctl -t 0 start ev >/dev/null || fail "start: $?"
wait_for 10 runs ev

note 'what fails at its start'
rmdir "$T/later"
kill -KILL "$(pid_of nocwd)"
wait_for 10 is reason nocwd cannot-start
why nocwd "chdir $T/later" "make $T/later a directory"
mkdir "$T/later"
wait_for 20 runs nocwd

printf 'front\nback\n' >"$T/roles"
ctl reload >/dev/null || fail "reload: $?"
wait_for 10 runs web
ctl why nobody >/dev/null 2>&1
[ $? -eq 4 ] || fail 'why of nobody'
finish
