# What a process leaves in its process group when it dies is ended before its
# successor starts: the workers of a server whose master was killed hold its
# sockets.  What a once task started stays.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web:
    commands:
      start: [/bin/sh, -c, "Task_name=worker '$TASK' -i & exec '$TASK'"]
  once:
    control: once
    commands: { start: [/bin/sh, -c, "Task_name=stays '$TASK' &"] }
CONF
daemon
wait_for 5 runs web
wait_for 5 runs worker
wait_for 5 runs stays
wait_for 5 is state once done
web=$(pid_of web)
worker=$(pid_of worker)
stays=$(pid_of stays)
kill -KILL "$web"
wait_for 5 restarted web 0 "$web"
wait_for 5 restarted worker 0 "$worker"
wait_for 2 gone "$worker"
lives "$stays" || fail 'what the once task started is gone'

web=$(pid_of web)
worker=$(pid_of worker)
kill -TERM "$DPID"
exit_status 20
[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
for pid in $web $worker; do
	wait_for 2 gone "$pid"
done
lives "$stays" || fail 'what the once task started is gone'
kill -KILL "$stays"
exit 0
