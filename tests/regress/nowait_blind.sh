# deadline: 180
# Where the system does not tell of the end of a process that is no child of
# ours (an old kernel without pidfd), the end of one that we had a part in is
# looked for: a stop, a restart and the end of the daemon do not wait for the
# next check, be it by signal or by command.
. "${0%/*}/lib.sh"

mkdir -p "$T/p/sbin" "$T/p/libexec/taskforced"
cp "$TOP/out/tests/blind_spawner" "$T/p/sbin/taskforced"
cp "$PREFIX/libexec/taskforced/monitor" \
    "$PREFIX/libexec/taskforced/httpd" "$T/p/libexec/taskforced"
TFD=$T/p/sbin/taskforced

# An hour: no check can help.
conf <<CONF
tasks:
  sig:
    control: nowait
    pidfile: $RUNDIR/sig.pid
    check_interval: 3600
    check_timeout: 100
    stop_timeout: 120
    commands:
      start: [/bin/sh, -c, "setsid '$TASK' -p '$RUNDIR/sig.pid' &"]
  cmd:
    control: nowait
    pidfile: $RUNDIR/cmd.pid
    check_interval: 3600
    check_timeout: 100
    stop_timeout: 120
    commands:
      start: [/bin/sh, -c, "setsid '$TASK' -l 700 -p '$RUNDIR/cmd.pid' &"]
      stop: [/bin/sh, -c, "kill \$(cat '$RUNDIR/cmd.pid')"]
  deaf:
    control: nowait
    pidfile: $RUNDIR/deaf.pid
    check_interval: 3600
    check_timeout: 100
    stop_timeout: 1
    commands:
      start: [/bin/sh, -c, "setsid '$TASK' -i -p '$RUNDIR/deaf.pid' &"]
CONF

all_run()
{
	for t in sig cmd deaf; do
		is state $t running && runs $t && is pids $t "$p" || return 1
	done
}

daemon
wait_for 20 all_run
sig=$(pid_of sig)
cmd=$(pid_of cmd)
deaf=$(pid_of deaf)

for t in sig cmd deaf; do
	ctl -t 60 restart $t >"$T/out" 2>&1 || fail "restart: $(cat "$T/out")"
done
wait_for 20 restarted sig 0 "$sig"
wait_for 20 restarted cmd 0 "$cmd"
wait_for 20 restarted deaf 0 "$deaf"
wait_for 20 all_run

# It has gone before the signal comes: that is no reason to wait for it.
sig=$(pid_of sig)
kill -KILL "$sig"
wait_for 20 gone "$sig"
is pids sig "$sig" || fail 'the daemon has heard of it: not as it should be'
ctl -t 60 stop sig >"$T/out" 2>&1 || fail "stop: $(cat "$T/out")"
ctl -t 60 start sig >"$T/out" 2>&1 || fail "start: $(cat "$T/out")"
wait_for 20 all_run

t0=$(now_ms)
stop_daemon
ms=$(($(now_ms) - t0))
[ $ms -le $((60000 * TESTS_SLOW)) ] || fail "it took $ms ms to stop"
exit 0
