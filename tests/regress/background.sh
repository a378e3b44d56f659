# -b: the parent returns when the daemon is up, with its status; relative
# paths keep their meaning.
. "${0%/*}/lib.sh"

conf <<CONF
tasks: { web: { commands: { start: ["$TASK", "-r"] } } }
CONF
: >"$T/roles"
cd "$T" || exit 1
"$TFD" -b -p pid -s sock -f ./conf -r roles $USER_OPT >"$T/out" 2>&1 ||
    fail "-b: status $?: $(cat "$T/out")"
# No waiting: it is up.
[ -s "$T/pid" ] || fail 'no pidfile'
DPID=$(cat "$T/pid")
started="$started $DPID"
ctl status >/dev/null || fail 'the daemon does not answer'
wait_for 5 runs web
[ "$(pid_of web)" != "" ] || fail 'no task'
ppid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$DPID/status" 2>/dev/null)
[ "${ppid:-1}" != $$ ] || fail 'the daemon is still our child'
ctl reload >/dev/null || fail "reload: status $?"

"$TFD" -b -p pid -s sock2 -f ./conf -r roles $USER_OPT >"$T/out" 2>&1
[ $? -eq 2 ] || fail 'a second one does not exit 2'

"$TFD" -S -p pid || fail "-S: status $?"
wait_for 20 gone "$DPID"
[ ! -e "$T/sock" ] || fail 'the socket is left'

echo 'tasks: { web: {} }' | conf
"$TFD" -b -p pid -s sock -f ./conf -r roles $USER_OPT >"$T/out" 2>&1
[ $? -eq 3 ] || fail 'a bad file with -b does not exit 3'
[ ! -e "$T/sock" ] || fail 'a socket is left'
exit 0
