# A process that ignores SIGTERM gets SIGKILL after 5 s, at a stop of the task
# and at the end of the daemon; meanwhile status says so, and the neighbours
# are not held up.
. "${0%/*}/lib.sh"

write()
{
	conf <<CONF
tasks:
  deaf: { $2 commands: { start: ["$TASK", "-i", "-s", "$1"] } }
  other: { commands: { start: ["$TASK", "-s", "$1"] } }
CONF
}

# First with all the time that we need to look at it.
write 1 'stop_timeout: 600,'
daemon
wait_for 5 runs deaf
wait_for 5 runs other
old=$(pid_of deaf)
oldother=$(pid_of other)
write 2 'stop_timeout: 600,'
ctl -t 0 reload >/dev/null || fail "reload: status $?"
wait_for 4 restarted other 0 "$oldother"
wait_for 4 is state deaf stopping
lives "$old" || fail 'deaf is gone too early'
kill -KILL "$old"
wait_for 10 restarted deaf 0 "$old"

n=2
killed()
{
	old=$(pid_of deaf)
	n=$((n + 1))
	write $n
	ctl -t 0 reload >/dev/null || fail "reload: status $?"
	wait_for 10 restarted deaf 0 "$old"
}
in_time 4900 9500 killed

t0=$(now_ms)
stop_daemon
ms=$(($(now_ms) - t0))
[ $ms -ge 4900 ] || fail "the daemon ended after $ms ms"
[ $ms -le $((9500 * TESTS_SLOW)) ] || fail "the daemon ended after $ms ms"
exit 0
