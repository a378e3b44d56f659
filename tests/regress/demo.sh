# deadline: 120
# etc/demo/run as "make demo" runs it: everything comes up, and when it is
# interrupted, by whatever signal and when, nothing is left behind.
. "${0%/*}/lib.sh"

# Every process that knows the demo's directory, in any way.
left_behind()
{
	for p in /proc/[0-9]*; do
		if tr '\0' '\n' <"$p/environ" | grep -q "=$T/tfdemo\." ||
		    tr '\0' ' ' <"$p/cmdline" | grep -q "$T/tfdemo\."; then
			echo "${p#/proc/} $(tr '\0' ' ' <"$p/cmdline")"
		fi
	done 2>/dev/null
}

clean()
{
	for f in "$T"/tfdemo.*; do
		[ ! -e "$f" ] || return 1
	done
	[ -z "$(left_behind)" ]
}

says()
{
	grep -qE -- "$1" "$T/out" || fail "no '$1' in: $(cat "$T/out")"
}

TMPDIR=$T
export TMPDIR
demo=$TOP/etc/demo/run

sh "$demo" -n >"$T/out" 2>&1 </dev/null || fail "-n: $?: $(cat "$T/out")"
clean || fail "left behind: $(ls "$T") $(left_behind)"
says '^timeset +done '
says '^ntpd +running +1/1 '
says '^ws_server +running +4/4 '
says '^db_server +off .* not-in-role$'
says '^In a browser: http://127.0.0.1:[0-9]+/$'
says '^http://127.0.0.1:[0-9]+/status/tasks$'
if command -v curl >/dev/null; then
	says '^  "timeset": \{$'
fi

sh "$demo" -n backend >"$T/out" 2>&1 </dev/null ||
    fail "backend: $?: $(cat "$T/out")"
clean || fail "left behind: $(ls "$T") $(left_behind)"
says '^db_server +running +1/1 '
says '^ws_server +off .* not-in-role$'

# Started in the background, a shell would have it ignore SIGINT.
interrupted()
{
	# What the one before said must not be taken for this one's.
	rm -f "$T/out"
	sh "$demo" >"$T/out" 2>&1 </dev/null &
	demopid=$!
	started="$started $demopid"
	wait_for 30 grep -qs "$2" "$T/out"
	# A ^C reaches all of them.
	[ -z "${3:-}" ] || all=$(children "$demopid")
	kill -"$1" ${3:+$all} "$demopid"
	wait_for 20 gone "$demopid"
	wait "$demopid"
	code=$?
	[ $code -eq 0 ] || fail "SIG$1: status $code: $(cat "$T/out")"
	grep '/run: [0-9]*: ' "$T/out" && fail "SIG$1: the shell complains"
	wait_for 5 clean
}
interrupted TERM '^Running until'
says '^    taskforcectl -s .* status ws_server$'
interrupted HUP '^Running until'
interrupted TERM '^Running until' all
interrupted TERM '^demo: starting'

sh "$demo" -z >"$T/out" 2>&1
[ $? -eq 2 ] || fail 'wrong usage is not told'
clean
