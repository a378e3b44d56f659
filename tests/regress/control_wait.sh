# control wait: started at start, side by side; what requires it waits for its
# start_delay; what exits is started again, at once when it ran long.

. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web: { control: wait, count: 2, start_delay: 2,
    commands: { start: ["$TASK"] } }
  dep: { requires: web, commands: { start: ["$TASK"] } }
CONF
t0=$(now_ms)
daemon
wait_for 10 runs web 0
wait_for 10 runs web 1
wait_for 10 runs dep
# From before web was started: it may be late to say so itself.
ms=$(($(event_ms start dep) - t0))
[ $ms -ge 2000 ] || fail "dep was started after $ms ms"

dep=$(pid_of dep)
other=$(pid_of web 1)
old=$(pid_of web 0)
kill -KILL "$old"
wait_for 10 restarted web 0 "$old"
[ "$(pid_of web 1)" = "$other" ] || fail 'the other instance was touched'
[ "$(pid_of dep)" = "$dep" ] || fail 'dep was touched'
wait_for 10 is state web running

finish
