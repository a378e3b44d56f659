# A process that is killed is started again at once, its neighbours are not
# touched; the slot keeps its number.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web: { count: 3, commands: { start: ["$TASK"] } }
  other: { commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 5 runs web 0
wait_for 5 runs web 1
wait_for 5 runs web 2
wait_for 5 runs other
before=$(snapshot)
old=$(pid_of web 1)
kill -KILL "$old"
wait_for 5 restarted web 1 "$old"
want=$(echo "$before" | sed "s/^web.1 .*/web.1 $(pid_of web 1)/")
same_snapshot "$want" || fail "others were touched"
wait_for 5 is restarts web 1
[ "$(starts web 0)" -eq 1 ] || fail "web 0 was started again"
finish
