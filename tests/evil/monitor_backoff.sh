# deadline: 120
# A monitor that always dies is started again after 0, 1, 2 and 4 s; the
# daemon stays, and stops when it is told to.
. "${0%/*}/lib.sh"

dies()
{
	evil_prefix evil_monitor monitor
	set_attack "$1"
	evil_conf
	launch
	wait_for 30 recorded start 5
	alive
	prev=
	i=0
	for ms in $(awk '$2 == "start" { print $1 }' "$T/record"); do
		case $i in
		0)	;;
		1)	want=0 ;;
		2)	want=1000 ;;
		3)	want=2000 ;;
		4)	want=4000 ;;
		*)	break ;;
		esac
		if [ -n "$prev" ]; then
			got=$((ms - prev))
			note "after $want: $got ms"
			[ $got -ge $((want - 20)) ] &&
			    [ $got -le $((want + 3000 * TESTS_SLOW)) ] ||
			    fail "start $i came after $got ms, not $want"
		fi
		prev=$ms
		i=$((i + 1))
	done
	[ ! -e "$RUNDIR/log" ] || fail 'something was started'
	kill -TERM "$DPID"
	exit_status 20
	[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
	[ ! -e "$T/sock" ] || fail 'the socket is left'
}
side_by_side dies exit crash
exit 0
