# deadline: 180
# A hostile monitor has things compiled that are no files, or no
# configuration: it is told so.  A trial of what is in force changes nothing.
. "${0%/*}/lib.sh"

told()
{
	case $1 in
	trial_own)	set -- "$1" loaded ;;
	*)		set -- "$1" 'load failed' ;;
	esac
	monitor_starts "$1"
	wait_for 40 recorded attacked
	recorded "$2" || fail "not $2"
	same_snapshot "$before" || fail "tasks were touched: $(snapshot)"
	[ "$(grep -c ' start$' "$T/record")" -eq 1 ] ||
	    fail 'the monitor was ended for it'
	no_harm
}

side_by_side told trial_dir trial_pipe trial_device trial_roles trial_junk \
    trial_own
exit 0
