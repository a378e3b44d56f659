# deadline: 240
# A hostile monitor looks at paths that nobody named, and listens to commands
# as if there was no end of descriptors.
. "${0%/*}/lib.sh"

side_by_side punished stat_past stat_index stat_none stat_own stat_huge \
    stat_short replaced_long output0 output_past output_task output_id
side_by_side refused stat_gens output_gens output_held

# What it is told of is only what it may ask for: one of all these.
stated()
{
	monitor_starts "$1"
	wait_for 40 recorded attacked
	recorded 'stated 1' || fail "$(grep stated "$T/record")"
	no_harm
}
side_by_side stated stat_gens

descriptors()
{
	ls "/proc/$1/fd" | wc -l
}
few_descriptors()
{
	[ "$(descriptors "$DPID")" -le 200 ] ||
	    fail "the spawner has $(descriptors "$DPID") descriptors"
	recorded 'attacked\|closed'
}
flood()
{
	monitor_starts "$1"
	wait_for 90 few_descriptors
	no_harm
}
side_by_side flood flood_stat flood_output

# Its word alone makes no program of ours a new one.
unchecked()
{
	! logged 'have been replaced'
}
not_replaced()
{
	monitor_starts "$1"
	wait_for 40 recorded attacked
	watch_for 1 unchecked
	no_harm
}
side_by_side not_replaced flood_replaced
exit 0
