# deadline: 300
# A hostile monitor lies in its greeting, skips it or never comes to an end
# with it; or is ready before there is a plan and names what is not there.
. "${0%/*}/lib.sh"

side_by_side too_early h_version h_magic h_spawner h_loader h_httpd h_skip \
    h_ready h_twice h_early p_spawn p_run p_note
# These are ended by time, after half a minute.
side_by_side too_early h_silent h_half h_unready

harmless()
{
	evil_prefix evil_monitor monitor
	set_attack "$1"
	evil_conf
	launch
	wait_for 10 recorded attacked
	set_attack none
	watch_for 1 alive
	few_lines
	old=$(helper monitor) && kill -KILL "$old"
	wait_for 30 up
	wait_for 20 all_run
	as_planned
	stop_daemon
}
side_by_side harmless p_signal p_reload p_reset
exit 0
