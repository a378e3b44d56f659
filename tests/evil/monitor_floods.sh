# deadline: 300
# A hostile monitor sends more than anybody wants, reads nothing, or goes
# away in odd ways.
. "${0%/*}/lib.sh"

# The most memory that a process ever had, in kB.
peak_of()
{
	sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB$/\1/p' "/proc/$1/status"
}

flood()
{
	monitor_starts "$1"
	wait_for 90 recorded 'attacked\|closed'
	alive
	kb=$(peak_of "$DPID")
	note "$1: the spawner had at most $kb kB"
	[ "${kb:-0}" -lt 131072 ] || fail "the spawner grew to $kb kB"
	# What it says itself is limited by the second: see helperlog.c.
	[ "$1" = flood_log ] || few_lines
	no_harm
}

side_by_side flood flood_spawn flood_count flood_note flood_signal \
    flood_reload flood_trial flood_file flood_log
side_by_side survived mute deaf cut
exit 0
