# The pidfile: a second daemon says who holds it and exits 2; a stale one is
# taken over; -R and -S signal who holds it, and say 1 when nobody does.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web: { commands: { start: ["$TASK"] } }
  once: { control: once, commands: { start: ["$TASK", "-a", "0"] } }
CONF
"$TFD" -S -p "$T/pid" 2>"$T/out" && fail '-S without a daemon says 0'
[ -s "$T/out" ] || fail '-S says nothing'
"$TFD" -R -p "$T/pid" 2>/dev/null
[ $? -eq 1 ] || fail '-R without a daemon does not say 1'

# Left by a daemon that was killed: a number that may even be somebody's.
echo $$ >"$T/pid"
daemon
[ "$(cat "$T/pid")" = "$DPID" ] || fail 'the stale pidfile was not taken over'
wait_for 5 runs web
wait_for 5 is state once done

first=$DPID
old=$(pid_of web)
"$TFD" -e -p "$T/pid" -s "$T/sock2" -f "$T/conf" $USER_OPT >"$T/out" 2>&1
[ $? -eq 2 ] || fail 'a second daemon does not exit 2'
grep -q "$first" "$T/out" || fail 'it does not say who holds the pidfile'
[ "$(cat "$T/pid")" = "$first" ] || fail 'it wrote into the pidfile'
[ ! -e "$T/sock2" ] || fail 'it left a socket'

# Another pidfile, the same control socket: a live one is never touched.
"$TFD" -e -p "$T/pid2" -s "$T/sock" -f "$T/conf" -r "$T/roles" $USER_OPT \
    --expires 5 >"$T/out" 2>&1
[ $? -eq 3 ] || fail 'a daemon without a socket of its own does not exit 3'
grep -q "control socket $T/sock: somebody answers there" "$T/out" ||
    fail "why? $(cat "$T/out")"
ctl status >/dev/null || fail 'the control socket was taken away'
[ ! -e "$T/pid2" ] || fail 'a start that failed leaves its pidfile'
"$TFD" -e -p "$T/pid2" -s "$T/conf" -f "$T/conf" -r "$T/roles" $USER_OPT \
    --expires 5 >"$T/out" 2>&1
[ $? -eq 3 ] || fail 'a file in the place of the socket does not say 3'
grep -q "control socket $T/conf: .* no socket" "$T/out" ||
    fail "why? $(cat "$T/out")"
grep -q tasks "$T/conf" || fail 'the file was taken away'

"$TFD" -R -p "$T/pid" || fail "-R: status $?"
wait_for 10 restarted web 0 "$old"
wait_for 5 started_times once 0 2
[ "$(cat "$T/pid")" = "$first" ] || fail 'the pid changed over a reset'
"$TFD" -S -p "$T/pid" || fail "-S: status $?"
exit_status 20
[ "$code" -eq 0 ] || fail "the daemon ended with status $code"
runs web && fail 'web still runs'
"$TFD" -S -p "$T/pid" 2>/dev/null
[ $? -eq 1 ] || fail 'a second -S does not say 1'
exit 0
