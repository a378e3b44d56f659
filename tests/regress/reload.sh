# A reload restarts what changed and nothing else: by command, environment,
# cwd, procname; count touches only the highest slots; a removed task is
# stopped; a once task that has run is not run again.
. "${0%/*}/lib.sh"

write()
{
	conf <<CONF
$top
tasks:
  cmd: { commands: { start: ["$TASK", "-s", "$status"] } }
  env: { defines: { X: "$x" }, commands: { start: ["$TASK"] } }
  cwd: { cwd: "$cwd", commands: { start: ["$TASK"] } }
  proc: { procname: "$name", commands: { start: ["$TASK"] } }
  many: { count: $count, commands: { start: ["$TASK"] } }
  once: { control: once, commands: { start: ["$TASK", "-a", "0"] } }
  late: { requires: [$requires], start_delay: $delay,
          commands: { start: ["$TASK"] } }
$more
CONF
}

reloaded()
{
	write
	ctl reload >"$T/out" 2>&1 || fail "reload: status $?: $(cat "$T/out")"
}

# all_but PATTERN: what runs is what ran, but for these slots.
same_but()
{
	for f in $(echo "$before" | grep -v "^$1" | tr ' ' =); do
		[ "$(pid_of "${f%%.*}" "$(echo "$f" |
		    sed 's/.*\.\(.*\)=.*/\1/')")" = "${f#*=}" ] ||
		    fail "touched: $f, which should not be"
	done
}

mkdir "$T/a" "$T/b"
status=1 x=1 cwd=$T/a name=p1 count=3 requires=once delay=0 top= more=
write
daemon
for t in cmd env cwd proc late; do
	wait_for 5 runs $t
done
for i in 0 1 2; do
	wait_for 5 runs many $i
done
wait_for 5 is state once done

before=$(snapshot)
reloaded
watch_for 1 same_snapshot "$before"
note 'a reload without a change touches nothing'

for change in status=2 x=2 cwd="$T/b" name=p2; do
	case $change in
	status*)	t=cmd ;;
	x*)		t=env ;;
	cwd*)		t=cwd ;;
	name*)		t=proc ;;
	esac
	before=$(snapshot)
	old=$(pid_of $t)
	eval "$change"
	reloaded
	wait_for 10 restarted $t 0 "$old"
	same_but "$t\\."
	note "$change restarts $t alone"
done

before=$(snapshot)
requires= delay=7
reloaded
requires=cmd
reloaded
watch_for 1 same_snapshot "$before"
note 'requires and start_delay are applied in place'

count=5
reloaded
wait_for 5 runs many 3
wait_for 5 runs many 4
same_but 'none'
before=$(snapshot)
count=2
reloaded
for i in 2 3 4; do
	wait_for 5 runs_not many $i
done
same_but 'many\.[234]'
note 'count touches the highest slots'

before=$(snapshot)
more="  new: { commands: { start: [\"$TASK\"] } }"
reloaded
wait_for 5 runs new
more=
reloaded
wait_for 5 runs_not new
same_snapshot "$before" || fail 'others were touched'
ctl -p status | grep -q '^new	' && fail 'the removed task is in status'
[ "$(starts once)" -eq 1 ] || fail 'the once task was run again'
[ "$(starts new)" -eq 1 ] || fail 'new was started more than once'
note 'a task comes and goes'

# What all tasks share changes: all are restarted, the once task is not.
before=$(snapshot)
top='defines: { SHARED: "2" }'
reloaded
all_new()
{
	for t in cmd env cwd proc late; do
		restarted $t 0 "$(echo "$before" |
		    sed -n "s/^$t.0 //p")" || return 1
	done
}
wait_for 10 all_new
[ "$(starts once)" -eq 1 ] || fail 'the once task was run again'
finish
