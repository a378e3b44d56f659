# control wait: started at start, side by side; what requires it waits for its
# start_delay; what exits is started again, at once when it ran long.

. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web: { control: wait, count: 2, start_delay: 2,
    commands: { start: ["$TASK"] } }
  dep: { requires: web, commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 10 runs web 0
wait_for 10 runs web 1
wait_for 10 runs dep
ms=$(($(event_ms start dep) - $(event_ms start web)))
# The first may be late to say that it has started.
[ $ms -ge 1000 ] || fail "dep was started after $ms ms"

dep=$(pid_of dep)
other=$(pid_of web 1)
old=$(pid_of web 0)
kill -KILL "$old"
wait_for 10 restarted web 0 "$old"
[ "$(pid_of web 1)" = "$other" ] || fail 'the other instance was touched'
[ "$(pid_of dep)" = "$dep" ] || fail 'dep was touched'
wait_for 10 is state web running

finish
