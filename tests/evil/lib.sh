# The common part of the tests with hostile helpers; sourced by each:
#
#	. "${0%/*}/lib.sh"
#
# A copy of the installed tree gets a stand-in in the place of a helper (the
# real one stays beside it as NAME.real).  What the stand-in does is in the
# file "attack" beside it; it records how far it came in $T/record.

TOP=$(cd "${0%/*}/../.." && pwd)
. "$TOP/tests/regress/lib.sh"

# A prefix of our own, with STANDIN in the place of HELPER.
evil_prefix()
{
	mkdir -p "$T/p/sbin" "$T/p/libexec/taskforced"
	cp "$PREFIX/sbin/taskforced" "$T/p/sbin"
	cp "$PREFIX/libexec/taskforced/monitor" \
	    "$PREFIX/libexec/taskforced/httpd" "$T/p/libexec/taskforced"
	TFD=$T/p/sbin/taskforced
	LIBEXEC=$T/p/libexec/taskforced
	mv "$LIBEXEC/$2" "$LIBEXEC/$2.real"
	cp "$TOP/out/tests/$1" "$LIBEXEC/$2"
	: >"$T/record"
	chmod 666 "$T/record"
}

# What the stand-in does from its next start on.
set_attack()
{
	printf '%s\n%s\n' "$1" "$T/record" >"$LIBEXEC/attack.new"
	mv "$LIBEXEC/attack.new" "$LIBEXEC/attack"
}

recorded()
{
	[ "$(grep -c " $1\$" "$T/record")" -ge "${2:-1}" ]
}

# The plan of these tests.  Nothing but web (twice), other and short may ever
# run; web and other must live through everything.
evil_conf()
{
	echo here >"$T/roles"
	conf <<CONF
${1:-}
tasks:
  web: { count: 2, commands: { start: ["$TASK"] } }
  other:
    commands: { start: ["$TASK"], tell: [/bin/echo, told] }
    events: { type: file_change, path: "$T/watched", command: stop }
  short: { control: once, commands: { start: ["$TASK", "-a", "0"] } }
  away: { roles: [elsewhere], commands: { start: ["$TASK"] } }
  held: { user: no-such-user-here,
    commands: { start: ["$TASK"], tell: [/bin/echo, told] } }
CONF
}

all_run()
{
	runs web 0 && runs web 1 && runs other 0 &&
	    [ "$(starts short)" -ge 1 ] && runs_not short
}

# No more and no others than the plan names.
as_planned()
{
	strangers=$(awk '{ print $3 "." $4 }' "$RUNDIR/log" | sort -u |
	    grep -vx -e web.0 -e web.1 -e other.0 -e short.0)
	[ -z "$strangers" ] ||
	    fail "what the plan does not name ran: $strangers"
	n=0
	for p in $(children "$DPID"); do
		case $(readlink "/proc/$p/exe") in
		*/task)	n=$((n + 1)) ;;
		esac
	done
	[ $n -le 3 ] || fail "$n processes run instead of 3"
}

# Runs each attack by itself and side by side: each FUNCTION NAME in a
# directory and a daemon of its own, as many at a time as the machine takes.
side_by_side()
{
	fn=$1
	shift
	all=$T
	running=
	for name; do
		mkdir -m 755 "$all/$name"
		(
			T=$all/$name
			TMPDIR=$T
			RUNDIR=$T/run
			started=
			own_tmp=
			mkdir -m 1777 "$RUNDIR"
			trap at_exit EXIT
			trap 'exit 130' HUP INT TERM
			$fn "$name"
			exit 0
		) >"$all/$name.out" 2>&1 &
		running="$running $!:$name"
		set -- $running
		if [ $# -ge 6 ]; then
			collect "$1"
			shift
			running=$*
		fi
	done
	for one in $running; do
		collect "$one"
	done
	[ -z "$bad" ] || fail "attacks that did harm:$bad"
}

bad=
collect()
{
	if wait "${1%%:*}"; then
		note "${1#*:}: no harm"
	else
		bad="$bad ${1#*:}"
		echo "== ${1#*:}"
		cat "$all/${1#*:}.out"
	fi
	rm -rf "${all:?}/${1#*:}"
}

# --- attacks of the monitor ---------------------------------------------

# The tasks as they were, the daemon alive, and after the real monitor has
# taken over, all in order and an orderly end.
no_harm()
{
	alive
	same_snapshot "$before" || fail "tasks were touched: $(snapshot)"
	as_planned
	set_attack none
	old=$(helper monitor) && kill -KILL "$old"
	wait_for 30 up
	wait_for 10 is state web running
	wait_for 10 is state other running
	alive
	same_snapshot "$before" || fail "tasks were touched: $(snapshot)"
	as_planned
	stop_daemon
}

# What it asks for does not fill the log: that has lines for other things.
few_lines()
{
	lines=$(wc -l <"$T/log")
	[ "$lines" -le 2000 ] || fail "the log has $lines lines"
}

monitor_starts()
{
	evil_prefix evil_monitor monitor
	set_attack "$1"
	evil_conf
	launch
	wait_for 20 recorded up
	wait_for 10 all_run
	before=$(snapshot)
}

# The monitor is ended for it, and started again.
punished()
{
	monitor_starts "$1"
	wait_for 40 recorded start 2
	# Why it was ended.
	wait_for 10 logged 'protocol violation\|does not read\|Message too long'
	no_harm
}

# It is refused or ignored; the monitor may stay.
refused()
{
	monitor_starts "$1"
	wait_for 40 recorded attacked
	# Whatever is done about it is done before this is answered.
	watch_for 1 same_snapshot "$before"
	[ "$(grep -c ' start$' "$T/record")" -eq 1 ] ||
	    fail 'the monitor was ended for it'
	no_harm
}

# Either will do.
survived()
{
	monitor_starts "$1"
	wait_for 60 recorded 'attacked\|closed'
	watch_for 1 same_snapshot "$before"
	no_harm
}

# The attack comes before anything was started.
too_early()
{
	evil_prefix evil_monitor monitor
	set_attack "$1"
	evil_conf
	launch
	wait_for 10 recorded attacked
	wait_for 60 recorded start 2
	alive
	[ ! -e "$RUNDIR/log" ] || fail 'something was started'
	few_lines
	set_attack none
	old=$(helper monitor) && kill -KILL "$old"
	wait_for 30 up
	wait_for 10 all_run
	wait_for 10 is state web running
	as_planned
	stop_daemon
}

# --- attacks of httpd ---------------------------------------------------

served()
{
	curl -sf -m 2 --unix-socket "$T/http" \
	    http://localhost/status/tasks | grep -q '"web"'
}

# attack_httpd NAME: afterwards the real one serves, and nothing was touched.
attack_httpd()
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
	m_change_*)	wait_for 20 recorded denied ;;
	m_bytes_*)	wait_for 20 recorded closed ;;
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
