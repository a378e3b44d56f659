# deadline: 120
# A monitor that hangs cannot keep the daemon from stopping: asked twice, the
# spawner stops the tasks itself.
. "${0%/*}/lib.sh"

hangs()
{
	monitor_starts "$1"
	wait_for 10 recorded attacked
	kill -TERM "$DPID"
	wait_for 10 logged ': stopping$'
	watch_for 1 alive
	kill -TERM "$DPID"
	exit_status 20
	[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
	for i in 0 1; do
		runs web $i && fail "web $i still runs"
	done
	runs other && fail 'other still runs'
	[ ! -e "$T/sock" ] || fail 'the socket is left'
}
side_by_side hangs half ids
exit 0
