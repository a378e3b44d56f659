# deadline: 120
# With 1,000 idle tasks no process of ours wakes up in 10 s, and all of them
# together take less than 16 MiB (PSS).
. "${0%/*}/lib.sh"

[ -r /proc/self/status ] || skip 'no /proc'
grep -q '^#define SANITIZERS 1' "$TOP/config.h" && skip 'sanitizers'
{
	echo "settings: { http: [ { listen: \"$T/http\" } ] }"
	echo 'tasks:'
	i=0
	while [ $i -lt 1000 ]; do
		echo "  t$i: { commands: { start: [\"$TASK\"] } }"
		i=$((i + 1))
	done
} | conf
daemon
all_started()
{
	[ "$(grep -c ' start ' "$RUNDIR/log")" -eq 1000 ]
}
all_running()
{
	[ "$(ctl -p status | cut -f 2 | sort | uniq -c |
	    tr -s ' ')" = ' 1000 running' ]
}
wait_for 30 all_started
wait_for 30 all_running

# All but the tasks, without a thousand forks.
ours()
{
	echo "$DPID"
	for p in $(children "$DPID"); do
		read -r name <"/proc/$p/comm"
		[ "$name" = task ] || echo "$p"
	done
}
all=$(ours)
[ "$(echo "$all" | wc -l)" -eq 3 ] || fail "not three processes: $all"

switches()
{
	for p in $all; do
		cat "/proc/$p"/task/*/status
	done | awk '/ctxt_switches/ { n += $2 } END { print n }'
}
at_peace()
{
	now=$(switches)
	[ "$now" = "$last" ] && return 0
	last=$now
	return 1
}
# What the kernel moves about for reasons of its own is not there each time.
for round in 1 2 3; do
	last=
	wait_for 10 at_peace
	before=$(switches)
	watch_for 10 true
	woken=$(($(switches) - before))
	note "$woken context switches in 10 s"
	[ $woken -gt 0 ] || break
done
[ $woken -eq 0 ] || fail "woke up $woken times in 10 s"

pss=0
for p in $all; do
	kb=$(sed -n 's/^Pss:[[:space:]]*\([0-9]*\) kB$/\1/p' \
	    "/proc/$p/smaps_rollup" 2>/dev/null)
	if [ -z "$kb" ]; then
		note "$(comm_of "$p"): memory cannot be read, as it should be"
		continue
	fi
	note "$(comm_of "$p"): $kb kB"
	pss=$((pss + kb))
done
note "all: $pss kB"
[ $pss -lt 16384 ] || fail "$pss kB of memory"
[ $ROOT = no ] || [ $pss -gt 0 ] || fail 'no memory at all?'
finish
