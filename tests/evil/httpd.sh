# deadline: 300
# A hostile httpd: towards the spawner it is ended and started again; towards
# the monitor it loses its channel at most.  Tasks, monitor and daemon live,
# and the right to change anything never comes from a message.
. "${0%/*}/lib.sh"

command -v curl >/dev/null || skip 'no curl(1)'

served()
{
	curl -sf -m 2 --unix-socket "$T/http" \
	    http://localhost/status/tasks | grep -q '"web"'
}

attack()
{
	evil_prefix evil_httpd httpd
	set_attack "$1"
	evil_conf "settings: { http: [ { listen: \"$T/http\" } ] }"
	launch
	wait_for 20 up
	wait_for 10 all_run
	wait_for 10 is state web running
	before=$(snapshot)
	was=$(helper monitor)
	case $1 in
	s_exit | s_crash)	wait_for 20 recorded start 3 ;;
	s_*)	wait_for 20 recorded start 2 ;;
	m_*)	wait_for 60 recorded 'attacked\|closed' ;;
	esac
	up || fail 'the monitor does not answer'
	watch_for 1 same_snapshot "$before"
	alive
	[ "$(helper monitor)" = "$was" ] || fail 'the monitor was touched'
	as_planned
	[ "$(starts short)" -eq 1 ] || fail 'short was started again'

	set_attack none
	old=$(helper httpd) && kill -KILL "$old"
	wait_for 30 served
	same_snapshot "$before" || fail "tasks were touched: $(snapshot)"
	stop_daemon
}

side_by_side attack s_exit s_crash s_role s_version s_hello s_unknown \
    s_monitor s_spawn s_stop s_plan s_long s_taken s_index s_huge \
    s_junk s_fd s_twice s_flood
side_by_side attack m_version m_role m_skip m_reload m_shutdown m_reset \
    m_unknown m_spawn m_sync m_short m_count m_huge m_junk m_fd m_fdflood \
    m_half m_flood
exit 0
