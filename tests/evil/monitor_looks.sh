# deadline: 120
# Pidfiles that lie, in every way: nothing is found but a process of the
# task's own user that was there before the file, and that one is watched.
# A monitor that asks for too much of it does no harm.
. "${0%/*}/lib.sh"

# task NAME [more]: one that is never started here, with a pidfile.
task()
{
	echo "  $1: { pidfile: $RUNDIR/$1.pid, ${2:+$2, }" \
	    "commands: { start: [\"$TASK\"] } }"
}

looks_conf()
{
	as=
	[ $ROOT = yes ] && as='user: nobody'
	echo here >"$T/roles"
	{
		echo tasks:
		for n in $all; do
			case $n in
			theirs | shadow)	task "$n" "$as" ;;
			away)	task "$n" 'roles: [elsewhere]' ;;
			held)	task "$n" 'user: no-such-user-here' ;;
			*)	task "$n" ;;
			esac
		done
	} | conf
}

# was NAME WORDS: what the monitor was told of it.
was()
{
	i=0
	for n in $all; do
		[ "$n" = "$1" ] && break
		i=$((i + 1))
	done
	shift
	grep -q " $i: $*\$" "$T/record" || fail "$n: $*, but $(
	    grep " $i: " "$T/record")"
}

hostile_files()
{
	evil_prefix evil_monitor monitor
	set_attack "$1"
	all='none empty word fifo dir big loop shadow one init spawner
	    monitor dead young away held real'
	[ $ROOT = no ] || all="$all theirs"
	looks_conf
	launch
	wait_for 20 recorded ready
	"$TASK" -d "$T" -p "$RUNDIR/real.pid" &
	real=$!
	wait_for 10 test -s "$RUNDIR/real.pid"
	: >"$RUNDIR/empty.pid"
	echo web >"$RUNDIR/word.pid"
	mkfifo "$RUNDIR/fifo.pid"
	mkdir "$RUNDIR/dir.pid"
	head -c 3000000 /dev/zero | tr '\0' 7 >"$RUNDIR/big.pid"
	ln -s loop.pid "$RUNDIR/loop.pid"
	ln -s /etc/shadow "$RUNDIR/shadow.pid"
	echo 1 >"$RUNDIR/one.pid"
	echo 0001 >"$RUNDIR/init.pid"
	echo "$DPID" >"$RUNDIR/spawner.pid"
	helper monitor >"$RUNDIR/monitor.pid"
	(exit 0) &
	wait $!
	echo $! >"$RUNDIR/dead.pid"
	echo "$real" >"$RUNDIR/young.pid"
	touch -t 200101010000 "$RUNDIR/young.pid"
	[ $ROOT = no ] || echo $$ >"$RUNDIR/theirs.pid"
	echo "$real" >"$RUNDIR/away.pid"
	echo "$real" >"$RUNDIR/held.pid"
	: >"$T/record.go"
	wait_for 20 recorded attacked
	was none 'no such file'
	for n in empty word fifo dir big one init; do
		was $n 'names no process'
	done
	was loop 'cannot be read'
	was shadow 'cannot be read'
	was spawner 'names a process of our own'
	was monitor 'names a process of our own'
	was dead 'no such process'
	was young 'the process is younger than the file'
	[ $ROOT = no ] || was theirs 'the process is another user.s'
	was away refused
	was held refused
	was real found
	recorded taken || fail 'two processes of one slot'
	recorded again || fail 'the process found is another the next time'
	recorded over || fail 'the end of it was not told'
	gone "$real" || fail 'it still runs'
	alive
	[ ! -e "$RUNDIR/log" ] || fail 'something was started'
	set_attack none
	rm -rf "$RUNDIR"/*.pid
	kill -KILL "$(helper monitor)"
	wait_for 30 up
	stop_daemon
}

# A file server that does not answer is a FIFO that nobody can know of; a
# child that hangs is one that is stopped.
flood()
{
	evil_prefix evil_monitor monitor
	set_attack "$1"
	all='one two three'
	looks_conf
	for n in $all; do
		echo 1 >"$RUNDIR/$n.pid"
	done
	launch
	wait_for 60 recorded attacked
	alive
	set_attack none
	kill -KILL "$(helper monitor)"
	wait_for 30 up
	wait_for 10 is state one running
	stop_daemon
}

side_by_side hostile_files look_files
side_by_side flood flood_look
exit 0
