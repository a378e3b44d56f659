# taskforcectl run and signal: a command runs for each process, or once when
# its words are the same for all, and its end is waited for; a signal goes to
# what is meant and to nothing else.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web:
    count: 2
    commands:
      start: ["$TASK"]
      each: [/bin/sh, -c, 'echo "\$0" >>$T/run/each', "{Task_pid}"]
      one: [/bin/sh, -c, 'echo "\$0" >>$T/run/one', "{Task_name}"]
      bad: [/bin/sh, -c, 'exit 3']
      slow: [sleep, "60"]
      gone: [$T/soon-gone]
  db: { commands: { start: ["$TASK"] } }
CONF
ln -s /bin/true "$T/soon-gone"
daemon
rm "$T/soon-gone"
wait_for 10 runs web 0
wait_for 10 runs web 1
wait_for 10 runs db
before=$(snapshot)

ctl run web each >"$T/out" || fail "each: $?: $(cat "$T/out")"
[ "$(sort "$T/run/each")" = "$(printf '%s\n%s\n' "$(pid_of web 0)" \
    "$(pid_of web 1)" | sort)" ] || fail "each: $(cat "$T/run/each")"
ctl run web one >/dev/null || fail "one: $?"
[ "$(cat "$T/run/one")" = web ] || fail "one: $(cat "$T/run/one")"
rm "$T/run/each"
ctl run web:1 each >/dev/null || fail "a slot: $?"
[ "$(cat "$T/run/each")" = "$(pid_of web 1)" ] || fail 'not the slot alone'

ctl run web bad >"$T/out" 2>&1
[ $? -eq 1 ] && grep -q 'command bad: exited 3' "$T/out" ||
    fail "bad: $(cat "$T/out")"
ctl run web gone >"$T/out" 2>&1
[ $? -eq 1 ] && grep -q 'No such file' "$T/out" ||
    fail "gone: $(cat "$T/out")"
ctl run web nonsense >/dev/null 2>&1
[ $? -eq 4 ] || fail 'nonsense was run'
ctl -t 0.3 run web slow >"$T/out" 2>&1
[ $? -eq 5 ] || fail "slow: $(cat "$T/out")"
same_snapshot "$before" || fail 'a process was touched'

note signals
w0=$(pid_of web 0)
w1=$(pid_of web 1)
db=$(pid_of db)
ctl signal USR1 web:1 >/dev/null || fail "signal: $?"
wait_for 10 restarted web 1 "$w1"
wait_for 10 logged 'web\[1\]: died on SIGUSR1'
[ "$(pid_of web 0) $(pid_of db)" = "$w0 $db" ] || fail 'others were touched'
for name in STOPP 99; do
	ctl signal $name web db >/dev/null 2>&1 && fail "$name was sent"
done
# One that the spawner would not send for anybody.
monitor=$(helper monitor)
ctl signal SEGV web >/dev/null 2>&1 && fail 'SEGV was sent'
[ "$(helper monitor)" = "$monitor" ] || fail 'the monitor was replaced'
ctl stop db >/dev/null || fail "stop: $?"
ctl signal HUP db >"$T/out" 2>&1 && fail 'sent to what does not run'
finish
