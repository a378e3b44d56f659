# The common part of the tests of the real daemon; sourced by each of them:
#
#	. "${0%/*}/lib.sh"
#
# A test has the temporary directory $T, in which it finds or makes
#
#	conf roles		configuration; no roles file unless it makes one
#	pid sock log		the daemon's pidfile, control socket, messages
#	run/			where test tasks write ($TASK, see task.c)
#
# It fails by fail(), by a wait_for() that does not come true, or by finish()
# finding that the daemon is gone or leaves something behind.  Whatever
# happens, only processes that the test itself started are killed.

umask 022
LC_ALL=C
export LC_ALL
: "${TOP:=$(cd "${0%/*}/../.." && pwd)}"
: "${PREFIX:=$TOP/out}"
# Sanitizers and busy machines: all deadlines are multiplied by this.
: "${TESTS_SLOW:=1}"
TFD=$PREFIX/sbin/taskforced
CTL=$PREFIX/sbin/taskforcectl
TASK=$TOP/out/tests/task
if [ -z "${TEST_TMP:-}" ]; then
	TEST_TMP=$(mktemp -d "${TMPDIR:-/tmp}/tf.XXXXXX") || exit 1
	own_tmp=$TEST_TMP
fi
T=$TEST_TMP
chmod 755 "$T"
mkdir -p "$T/run"
chmod 1777 "$T/run"
RUNDIR=$T/run
export RUNDIR
# The accounts of an installed daemon need not be there for a test.
if [ "$(id -u)" -eq 0 ]; then
	ROOT=yes
	USER_OPT='-u nobody'
else
	ROOT=no
	USER_OPT=
fi
DPID=		# the daemon of the test
started=	# every daemon, and everything else, that the test started

if [ ! -x "$TFD" ] || [ ! -x "$TASK" ]; then
	echo "run make and make tests first: no $TFD or $TASK" >&2
	exit 1
fi

skip()
{
	echo "skip: $*"
	exit 77
}

# The reason is the last line of the log, after the daemon's own messages.
fail()
{
	why_failed="FAILED: $*"
	exit 1
}

note()
{
	echo "-- $*"
}

# --- processes ---------------------------------------------------------

# A process that is there and not only waits to be reaped.  Without a fork
# where there is /proc: some tests ask this of a thousand.
lives()
{
	state=
	if [ -d /proc/self ]; then
		{ read -r state <"/proc/$1/stat"; } 2>/dev/null
		state=${state##*) }
	else
		state=$(ps -o stat= -p "$1" 2>/dev/null)
	fi
	case $state in
	'' | [ZX]*)	return 1 ;;
	esac
}

gone()
{
	! lives "$1"
}

# The pids of all children of a process.
children()
{
	if [ -r "/proc/$1/task/$1/children" ]; then
		tr ' ' '\n' <"/proc/$1/task/$1/children" | grep .
	else
		ps -A -o ppid= -o pid= | awk -v p="$1" '$1 == p { print $2 }'
	fi
}

# The short name of a process's program: of its argv[0], since comm is only a
# number for what was started by fexecve(2) on older kernels.
comm_of()
{
	if [ -r "/proc/$1/cmdline" ]; then
		word=$(tr '\0' '\n' <"/proc/$1/cmdline" | head -n 1)
	else
		word=$(ps -o args= -p "$1" | cut -d ' ' -f 1)
	fi 2>/dev/null
	echo "${word##*/}"
}

# The pid of a helper by its program: helper monitor, helper httpd.  The
# loader is the monitor's program too, with -l.
helper()
{
	for p in $(children "${2:-$DPID}"); do
		[ "$(comm_of "$p")" = "$1" ] && lives "$p" || continue
		tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null |
		    grep -q '^[^ ]* -l ' && continue
		echo "$p"
		return 0
	done
	return 1
}

# --- waiting -----------------------------------------------------------

# try_for SECONDS COMMAND ...: polls until the command succeeds.
try_for()
{
	n=$(($1 * 20 * TESTS_SLOW))
	shift
	while ! "$@"; do
		n=$((n - 1))
		[ $n -gt 0 ] || return 1
		sleep 0.05
	done
}

# wait_for SECONDS COMMAND ...: it must come true.  SECONDS are those of an
# idle machine; a busy one gets more, for nobody waits longer because of it
# but who fails.  What must be fast is measured, see in_time().
wait_for()
{
	s=$1
	shift
	[ "$s" -ge 20 ] || s=20
	try_for "$s" "$@" || fail "not within $s s: $*"
}

# watch_for SECONDS COMMAND ...: the command must hold all that time; for
# what must not happen.  The command is a function that looks anew each time:
# in watch_for 1 [ "$(f)" = x ], f is called once, and nothing is watched.
watch_for()
{
	n=$(($1 * 10))
	shift
	while [ $n -gt 0 ]; do
		"$@" || fail "no longer: $*"
		n=$((n - 1))
		sleep 0.1
	done
}

# at_rest SECONDS COMMAND ...: what it prints comes to be the same for so
# long, and on a busy machine longer.  To be used in the place of "wait until
# all is done, then see that nothing more is": who knows that it is all?
at_rest()
{
	rest=$(($1 * 1000 * TESTS_SLOW))
	shift
	begun=$(now_ms)
	since=$begun
	last=$("$@")
	until past "$since" "$rest"; do
		sleep 0.1
		now=$("$@")
		if [ "$now" != "$last" ]; then
			last=$now
			since=$(now_ms)
		fi
		past "$begun" $((30000 * TESTS_SLOW + rest)) &&
		    fail "never at rest: $*"
	done
}

now_ms()
{
	"$TASK" -n
}

# past SINCE MS: is that time over, since what now_ms said?
past()
{
	[ $(($(now_ms) - $1)) -ge "$2" ]
}

# in_time LOW HIGH COMMAND ...: it takes so many milliseconds; $ms says how
# many.  Less is wrong; more may be the machine's matter, so the best of
# three is judged: the command must be one that can be run again.
in_time()
{
	low=$1
	high=$(($2 * TESTS_SLOW))
	shift 2
	for try in 1 2 3; do
		t0=$(now_ms)
		"$@"
		ms=$(($(now_ms) - t0))
		note "$*: $ms ms"
		[ $ms -ge "$low" ] || fail "$*: $ms ms, less than $low"
		[ $ms -gt $high ] || return 0
	done
	fail "$*: $ms ms, and never less than $high"
}

# A TCP port of the loopback that nobody has and that no connection is given
# by chance: those are above 32767.  No port is handed out twice to a test,
# and runs of tests that go on side by side have a $TESTS_PORTS of their own
# each, a range of 4000.
free_port()
{
	last=$(cat "$T/port" 2>/dev/null) ||
	    last=$((${TESTS_PORTS:-20000} + $$ % 3900))
	"$TASK" -f $((last + 1)) >"$T/port.new" || fail 'no free port'
	mv "$T/port.new" "$T/port"
	cat "$T/port"
}

# --- what the test tasks write -----------------------------------------

# The pid of an instance (default 0) of a task, as it said itself last; one
# that the daemon has started may not have come to it yet.  So after a restart
# this is the old one's until "restarted" or "settled" says otherwise.
pid_of()
{
	[ -s "$RUNDIR/$1.${2:-0}" ] ||
	    try_for 20 [ -s "$RUNDIR/$1.${2:-0}" ] || return 1
	cat "$RUNDIR/$1.${2:-0}"
}

# The instance runs now, and has come so far as to say so: it heeds signals
# as it was told.
runs()
{
	{ read -r p <"$RUNDIR/$1.${2:-0}"; } 2>/dev/null && lives "$p"
}

runs_not()
{
	! runs "$@"
}

# How often an instance was started.
starts()
{
	cat "$RUNDIR/log" 2>/dev/null | awk -v t="$1" -v i="${2:-0}" \
	    '$2 == "start" && $3 == t && $4 == i { n++ } END { print n + 0 }'
}

started_times()
{
	[ "$(starts "$1" "$2")" -ge "$3" ]
}

# It runs, and is not the process PID: restarted NAME INSTANCE PID.
restarted()
{
	runs "$1" "$2" && [ "$p" != "$3" ]
}

# When an event (start, term, exit) of an instance was last: event_ms start
# web 0.
event_ms()
{
	awk -v e="$1" -v t="$2" -v i="${3:-0}" \
	    '$2 == e && $3 == t && $4 == i { ms = $1 } END { print ms }' \
	    "$RUNDIR/log"
}

# Name, instance and pid of all that runs now, sorted: to compare.
snapshot()
{
	for f in "$RUNDIR"/*.[0-9] "$RUNDIR"/*.[0-9]*[0-9]; do
		case $f in
		*'*'* | *.report)	continue ;;
		esac
		{ read -r p <"$f"; } 2>/dev/null && lives "$p" &&
		    echo "${f##*/} $p"
	done | sort -u
}

same_snapshot()
{
	[ "$(snapshot)" = "$1" ]
}

# What the daemon says that runs is what said so itself: each process has
# written its pid, and none of before is about, not even one that is being
# stopped.  To wait for before a snapshot.
settled()
{
	ctl -j status >"$T/settled" && ! grep -q exit_pending "$T/settled" ||
	    return 1
	ctl -p status | cut -f 5 | tr ',' '\n' | grep -v - | sort >"$T/pids"
	snapshot | cut -d ' ' -f 2 | sort | cmp -s - "$T/pids"
}

# A line of a task's report: report_of web 0 umask.
report_of()
{
	sed -n "s/^$3 //p" "$RUNDIR/$1.$2.report"
}

# --- what the commands of events did -----------------------------------

# act WORD: a command, for a configuration, that writes the word down.
act()
{
	echo "[/bin/sh, -c, \"echo $1 >>$RUNDIR/acts\"]"
}

# How often a word was written down.
acts()
{
	cat "$RUNDIR/acts" 2>/dev/null | grep -c "^$1\$" || :
}

acted()
{
	[ "$(acts "$1")" -ge "$2" ]
}

acted_only()
{
	[ "$(acts "$1")" -eq "$2" ]
}

# exactly WORD N: it is written down N times, and no more for a while.
exactly()
{
	wait_for 15 acted "$1" "$2"
	watch_for 1 acted_only "$1" "$2"
}

# --- files that somebody follows ---------------------------------------

# "echo WORD >FILE" empties the file and then writes to it: two changes, if
# the machine goes away between the two, and a daemon that acts on each of
# them is right.  These are one.

# put FILE WORD ...: a file of this line takes its place, or is there whole.
put()
{
	file=$1
	shift
	echo "$*" >"$file.put" && mv -f "$file.put" "$file"
}

# rewrite FILE WORD ...: the file itself gets this line, over what it had.
rewrite()
{
	file=$1
	shift
	[ -e "$file" ] || fail "there is no $file to write to"
	echo "$*" 1<>"$file"
}

# keep_writing FILE MS: so long, a few ms apart; but the machine may be away
# for longer than that, see most_pause.
keep_writing()
{
	until=$(($(now_ms) + $2))
	pause=0
	next=$(now_ms)
	wrote=$next
	while [ "$next" -lt "$until" ]; do
		echo more >>"$1"
		now=$(now_ms)
		[ $((now - wrote)) -le $pause ] || pause=$((now - wrote))
		wrote=$next
		next=$now
	done
}

# The longest, in ms, that there may have been between two writes, or since
# the last one: what was acted on after that looked as if it was at rest.
most_pause()
{
	now=$(now_ms)
	[ $((now - wrote)) -le $pause ] || pause=$((now - wrote))
	echo $pause
}

# --- the daemon --------------------------------------------------------

# Writes standard input as the configuration, whole at once.
conf()
{
	cat >"$T/conf.new" && mv "$T/conf.new" "$T/conf"
}

# Starts the daemon and does not wait; options may be added.
launch()
{
	"$TFD" -e -p "$T/pid" -s "$T/sock" -f "$T/conf" -r "$T/roles" \
	    $USER_OPT "$@" >>"$T/log" 2>&1 </dev/null &
	DPID=$!
	started="$started $DPID"
}

up()
{
	ctl status >/dev/null 2>&1
}

up_or_dead()
{
	up || gone "$DPID"
}

ctl()
{
	"$CTL" -s "$T/sock" "$@"
}

# A column of taskforcectl -p status: state, running, count, pids, restarts,
# reason or detail of a task.
column()
{
	case $1 in
	state)		col=2 ;;
	running)	col=3 ;;
	count)		col=4 ;;
	pids)		col=5 ;;
	restarts)	col=7 ;;
	reason)		col=9 ;;
	detail)		col=10 ;;
	esac
	ctl -p status "$2" | cut -f $col
}

# is state web running: what the daemon says of it.
is()
{
	[ "$(column "$1" "$2" 2>/dev/null)" = "$3" ]
}

# Starts the daemon and waits until it answers.
daemon()
{
	launch "$@"
	wait_for 20 up_or_dead
	lives "$DPID" || fail "the daemon did not start"
	up || fail "the daemon does not answer"
}

alive()
{
	lives "$DPID" || fail "the daemon is dead"
}

# The exit status of the daemon, which ends within SECONDS.
exit_status()
{
	wait_for "$1" gone "$DPID"
	set +e
	wait "$DPID"
	code=$?
	DPID=
}

# Lines of the helpers come by way of the spawner, later than what they
# answer: to be waited for.
logged()
{
	grep -q -- "$1" "$T/log"
}

# What the sanitizers and the C library say when a program is wrong.
no_crash()
{
	if grep -E 'Sanitizer|runtime error:|stack smashing|free\(\):' \
	    "$T/log"; then
		fail 'a program is wrong'
	fi
}

# Stops the daemon and sees that nothing is left of it.
stop_daemon()
{
	alive
	mine="$(children "$DPID") $(snapshot | cut -d ' ' -f 2)"
	kill -TERM "$DPID"
	exit_status 30
	[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
	for p in $mine; do
		# A helper may still be on its way out.
		try_for 20 gone "$p" ||
		    fail "left running: $p $(comm_of "$p")"
	done
	left=$(find "$T" -type s -print)
	[ -z "$left" ] || fail "left behind: $left"
	[ ! -e "$T/pid" ] || fail "left behind: the pidfile"
	no_crash
}

# The last line of a test.
finish()
{
	stop_daemon
	exit 0
}

# start_fails STATUS [option ...]: must end by itself with this status.
start_fails()
{
	want=$1
	shift
	launch "$@"
	exit_status 20
	[ "$code" -eq "$want" ] ||
	    fail "status $code instead of $want: taskforced $*"
}

# --- the end -----------------------------------------------------------

# Kills what the test started, and what that started.
kill_started()
{
	for d in $started; do
		lives "$d" || continue
		all=$(children "$d")
		kill -TERM "$d" 2>/dev/null
		try_for 8 gone "$d" || kill -KILL $all "$d" 2>/dev/null
	done
	for f in "$RUNDIR"/*.[0-9] "$RUNDIR"/*.[0-9]*[0-9]; do
		{ read -r p <"$f"; } 2>/dev/null && lives "$p" || continue
		case $(readlink "/proc/$p/exe" 2>/dev/null || comm_of "$p") in
		*/task | task)	kill -KILL "$p" 2>/dev/null ;;
		esac
	done
}

at_exit()
{
	status=$?
	trap - EXIT
	trap '' HUP INT TERM
	if [ $status -ne 0 ] && [ $status -ne 77 ]; then
		for f in "$T"/log "$T"/*/log; do
			[ -s "$f" ] && [ "$f" != "$RUNDIR/log" ] || continue
			echo "== the end of $f:"
			tail -n 40 "$f"
		done
		echo "${why_failed:-FAILED: exit $status}"
	fi
	kill_started
	[ -n "${own_tmp:-}" ] && rm -rf "$own_tmp"
	exit $status
}

trap at_exit EXIT
trap 'exit 130' HUP INT TERM
