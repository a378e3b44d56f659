# Any prefix of a command that fits no other does what the command does, and
# options may stand before it and behind it.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web:
    count: 2
    commands: { start: ["$TASK"], say: ["$TASK", -a, "1"] }
CONF
daemon
wait_for 10 is running web 2
wait_for 10 settled

# What "$2" shows is what "$1" shows.
same()
{
	ctl -p $1 >"$T/long" 2>&1 || fail "$1: $?: $(cat "$T/long")"
	ctl -p $2 >"$T/short" 2>&1 || fail "$2: $?: $(cat "$T/short")"
	# But for the uptime.
	diff "$T/long" "$T/short" >/dev/null || {
		cut -f 1-5,7- "$T/long" >"$T/long2"
		cut -f 1-5,7- "$T/short" | diff "$T/long2" - ||
		    fail "'$2' is not '$1'"
	}
}
same status stat
same status statu
same version v
same 'why web' 'w web'
same status '-- status'
same 'status web' '-- status -- web'
same plan pl
same check ch
same reload rel
same 'status -t 5' 'stat -t 5'

ctl sto web:1 >/dev/null || fail "sto: $?"
is running web 1 || fail 'sto web:1 did not stop it'
ctl star web:1 >/dev/null || fail "star: $?"
is running web 2 || fail 'star web:1 did not start it'
one=$(pid_of web 0)
ctl rest web:0 >/dev/null || fail "rest: $?"
wait_for 5 restarted web 0 "$one"
ctl cou web=1 >/dev/null || fail "cou: $?"
is count web 1 || fail 'cou is not count'
ctl con web=suspend >/dev/null || fail "con: $?"
is state web suspended || fail 'con is not control'
ctl con web=wait >/dev/null || fail "con: $?"
wait_for 5 is running web 1
wait_for 5 settled
one=$(pid_of web 0)
ctl sig TERM web >/dev/null || fail "sig: $?"
wait_for 10 restarted web 0 "$one"
ctl ru web say >/dev/null || fail "ru: $?"

for word in s st sta c co r re res; do
	ctl $word web >"$T/out" 2>&1
	[ $? -eq 2 ] || fail "$word is not ambiguous"
	grep -q "'$word' is ambiguous: " "$T/out" || fail "$(cat "$T/out")"
done
alive
ctl rese >"$T/out" 2>&1 || fail "rese: $(cat "$T/out")"
ctl sto >"$T/out" 2>&1 || fail "sto: $(cat "$T/out")"
exit_status 10
[ "$code" -eq 0 ] || fail "the daemon ended with $code"
no_crash
exit 0
