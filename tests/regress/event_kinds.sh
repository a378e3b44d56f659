# What an event does: a command of the task, for each process or once; stop
# and start; a signal, however it is written; and what type self follows.
. "${0%/*}/lib.sh"

D=$T/d
mkdir "$D"
for f in each once stop start hup sighup lower number text; do
	echo one >"$D/$f"
done
cp "$TASK" "$D/prog"
cat >"$D/traps" <<'TRAPS'
trap 'echo hup.$Task_instance >>$RUNDIR/acts' HUP
echo $$ >$RUNDIR/traps.$Task_instance
tail -f /dev/null &
while :; do
	wait
done
TRAPS
chmod 644 "$D/traps"
file()
{
	echo "type: file_change, path: \"$D/$1\""
}
conf <<CONF
tasks:
  two:
    count: 2
    commands:
      start: ["$TASK"]
      each: [/bin/sh, -c, "echo each.{Task_pid} >>$RUNDIR/acts"]
      once: $(act once)
    events:
      - { $(file each), command: each }
      - { $(file once), command: once }
  stop:
    commands: { start: ["$TASK"] }
    events: { $(file stop), command: stop }
  job:
    control: event
    commands: { start: ["$TASK", -a, "1"] }
    events: { $(file start), command: start }
  traps:
    count: 2
    commands: { start: [/bin/sh, "$D/traps"] }
    events:
      - { $(file hup), signal: HUP }
      - { $(file sighup), signal: SIGHUP }
      - { $(file lower), signal: hup }
      - { $(file number), signal: 1 }
      - { $(file text), signal: '1' }
  self:
    commands: { start: ["$D/prog"] }
    events: { type: self, command: stop }
CONF
daemon
wait_for 10 runs two 1
wait_for 10 runs stop
wait_for 10 runs traps 1
wait_for 10 runs self

rewrite "$D/each" two
exactly "each.$(pid_of two 0)" 1
exactly "each.$(pid_of two 1)" 1
rewrite "$D/once" two
exactly once 1
note 'a command: for each process, or once'

old=$(pid_of stop)
rewrite "$D/stop" two
wait_for 10 restarted stop 0 "$old"
[ "$(starts job)" -eq 0 ] || fail 'job has run'
rewrite "$D/start" two
wait_for 10 started_times job 0 1
note 'stop and start'

old="$(pid_of traps 0) $(pid_of traps 1)"
k=0
for f in hup sighup lower number text; do
	rewrite "$D/$f" two
	k=$((k + 1))
	exactly hup.0 $k
	exactly hup.1 $k
	note "signal: $f"
done
[ "$(pid_of traps 0) $(pid_of traps 1)" = "$old" ] ||
    fail 'a signal started it anew'

old=$(pid_of self)
cp "$TASK" "$D/prog.new"
mv "$D/prog.new" "$D/prog"
wait_for 10 restarted self 0 "$old"
old=$(pid_of self)
touch "$D/prog"
wait_for 10 restarted self 0 "$old"
note 'self'

# What a person has stopped is left alone; started, it has what is new.
ctl stop stop >/dev/null || fail 'stop'
k=$(starts stop)
rewrite "$D/stop" three
watch_for 1 runs_not stop
old=$(pid_of stop)
ctl start stop >/dev/null || fail 'start'
wait_for 10 restarted stop 0 "$old"
old=$(pid_of stop)
watch_for 1 runs stop
[ "$(pid_of stop)" = "$old" ] || fail 'a change of before was acted on'
[ "$(starts stop)" -eq $((k + 1)) ] || fail 'started more than once'
note 'held'
finish
