# taskforcectl start, stop and restart: tasks and slots, what is asked for
# holds until start or a configuration event, nothing else is touched.
. "${0%/*}/lib.sh"

# exits STATUS word ...: taskforcectl must end so.
exits()
{
	want=$1
	shift
	ctl "$@" >"$T/out" 2>&1
	code=$?
	[ $code -eq "$want" ] || fail "$*: $code instead of $want:" \
	    "$(cat "$T/out")"
}

conf <<CONF
tasks:
  web: { count: 2, commands: { start: ["$TASK"] } }
  dep: { requires: web, roles: [r], commands: { start: ["$TASK"] } }
  other: { roles: [r], commands: { start: ["$TASK"] } }
  job: { control: once, commands: { start: ["$TASK", "-a", "1"] } }
  ev: { control: event, commands: { start: ["$TASK", "-a", "1"] } }
  bad: { control: once, commands: { start: ["$TASK", "-a", "1", "-s",
         "3"] } }
  stubborn: { stop_timeout: 600, commands: { start: ["$TASK", "-i"] } }
  dark: { control: "off", commands: { start: ["$TASK"] } }
  brief: { commands: { start: ["$TASK", "-a", "0", "-s", "7"] } }
  lost: { commands: { start: ["$T/no/such/program"] } }
CONF
daemon
for t in web dep other stubborn; do
	wait_for 10 runs $t
done
wait_for 10 runs web 1
wait_for 10 started_times job 0 1
wait_for 10 is state bad 'done'
dep=$(pid_of dep)
other=$(pid_of other)

note 'a stop holds, a start ends that'
w0=$(pid_of web 0)
w1=$(pid_of web 1)
exits 0 stop web
gone "$w0" && gone "$w1" || fail 'stop came back while web ran'
is reason web held-by-operator || fail "web: $(column reason web)"
exits 0 stop web
watch_for 1 is running web 0
exits 0 start web
is running web 2 || fail 'start came back before web ran'
wait_for 5 runs web 0
wait_for 5 runs web 1
w0=$(pid_of web 0)
w1=$(pid_of web 1)
exits 0 start web
[ "$(pid_of web 0) $(pid_of web 1)" = "$w0 $w1" ] ||
    fail 'what runs was started again'

note 'what ends soon after its start is not called running'
said_so()
{
	ctl "$@" brief >"$T/out" 2>&1
	[ $? -eq 1 ] && grep -q 'backoff.*exited 7' "$T/out"
}
wait_for 20 said_so start
wait_for 20 said_so restart
exits 0 -t 0 start brief
exits 0 stop brief

note 'one slot'
exits 0 stop web:1
gone "$w1" || fail 'web:1 runs'
[ "$(pid_of web 0)" = "$w0" ] || fail 'web:0 was touched'
exits 0 start web:1
wait_for 5 runs web 1
w1=$(pid_of web 1)
exits 0 restart web:0
gone "$w0" || fail 'web:0 was not restarted'
wait_for 5 restarted web 0 "$w0"
[ "$(pid_of web 1)" = "$w1" ] || fail 'web:1 was touched'
w0=$(pid_of web 0)
exits 0 restart web
gone "$w0" && gone "$w1" || fail 'web was not restarted'
wait_for 5 restarted web 0 "$w0"
wait_for 5 restarted web 1 "$w1"

note 'patterns and roles'
w0=$(pid_of web 0)
exits 0 restart 'we[b-z]'
gone "$w0" || fail 'a pattern does nothing'
exits 0 stop @r
gone "$dep" && gone "$other" || fail 'a role does nothing'
exits 0 start @r
wait_for 5 runs dep
wait_for 5 runs other
dep=$(pid_of dep)
other=$(pid_of other)

note 'a configuration event ends what was asked for'
exits 0 stop web
exits 0 reload
wait_for 10 runs web 0
wait_for 10 runs web 1

note 'what runs once'
exits 0 start job
[ "$(starts job)" -eq 2 ] || fail "job was started $(starts job) times"
exits 0 start ev
wait_for 5 started_times ev 0 1
exits 1 start bad
grep -q 'exited 3' "$T/out" || fail "no reason: $(cat "$T/out")"

note 'what does not succeed says why'
exits 1 start dark
grep -q control-off "$T/out" || fail "no reason: $(cat "$T/out")"
exits 1 start lost
grep -q no-program "$T/out" || fail "no reason: $(cat "$T/out")"
exits 4 stop nothing other
exits 4 stop web:2
exits 4 stop @nobody
[ "$(pid_of other)" = "$other" ] || fail 'other was touched'
exits 0 -t 0 stop web
old=$(pid_of stubborn)
exits 5 -t 0.5 stop stubborn
grep -q 'stopping' "$T/out" || fail "no reason: $(cat "$T/out")"
kill -KILL "$old"
exits 0 -t 20 stop stubborn
gone "$old" || fail 'stubborn lives'
# Who asked for what.
wait_for 10 logged 'stop stubborn'

note 'all, but not what is off'
exits 0 stop all
runs other && fail 'other runs'
[ "$(starts dark)" = 0 ] || fail 'dark was started'
finish
