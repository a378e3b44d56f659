# deadline: 300
# A loader whose plan has a fault: at a reload the old plan and its processes
# stay, at the start nothing is started and the status is 3.
. "${0%/*}/lib.sh"

faulty()
{
	evil_prefix evil_loader monitor
	set_attack none
	evil_conf
	daemon
	wait_for 10 all_run
	wait_for 10 is state web running
	before=$(snapshot)
	was=$(helper monitor)
	set_attack "$1"
	ctl reload >"$T/out" 2>&1 && fail "the reload says ok: $(cat "$T/out")"
	recorded start || fail 'the loader was not even run'
	alive
	same_snapshot "$before" || fail "tasks were touched: $(snapshot)"
	ctl -p status | grep -q '^evil' && fail 'the plan is in force'
	as_planned
	[ "$(helper monitor)" = "$was" ] || fail 'the monitor was touched'
	# And it works again with a loader that is right.
	set_attack none
	ctl reload >"$T/out" 2>&1 || fail "reload: $(cat "$T/out")"
	same_snapshot "$before" || fail "tasks were touched: $(snapshot)"
	stop_daemon

	set_attack "$1"
	rm -f "$RUNDIR"/*
	start_fails 3
	[ ! -e "$RUNDIR/log" ] || fail 'something was started'
	[ -z "$(find "$T" -type s)" ] || fail 'a socket is left'
}

side_by_side faulty exit crash no_hello version role no_begin begin_twice \
    tasks_fewer tasks_more tasks_huge tasks_most cmds_huge env_huge \
    env_fewer env_more env_count env_nopair env_late env_index listen_huge \
    listen_fewer cmd_first no_cmd cmd_more not_start argc0 instances control \
    flags name groups sched_past sched_flood order doc_flood err_flood \
    severity unknown request fd framing no_end
exit 0
