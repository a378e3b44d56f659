# Whoever can open the control socket may see the status; only root and the
# daemon's own user may change anything.
. "${0%/*}/lib.sh"

[ $ROOT = yes ] || skip 'only root can be somebody else'
command -v setpriv >/dev/null || skip 'no setpriv(1)'

conf <<CONF
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
daemon
wait_for 10 runs web
web=$(pid_of web)
gid=$(stat -c %g "$T/sock") || skip 'no stat(1) as we know it'
[ "$(stat -c %a "$T/sock")" = 660 ] || fail "mode: $(stat -c %a "$T/sock")"

as_member()
{
	setpriv --reuid=1 --regid="$gid" --clear-groups "$CTL" -s "$T/sock" "$@"
}
as_stranger()
{
	setpriv --reuid=1 --regid=1 --clear-groups "$CTL" -s "$T/sock" "$@"
}
as_member -V >/dev/null 2>&1 || skip "uid 1 cannot execute $CTL"

as_member -p status >"$T/out" 2>&1 || fail "member: $?: $(cat "$T/out")"
grep -q '^web	running' "$T/out" || fail "member: $(cat "$T/out")"
for cmd in reload 'reload -t 0' reset stop 'start web' 'stop web' \
    'restart web' 'count web=2' 'control web=off' 'signal TERM web' \
    'run web stop' plan "plan -f $T/conf" check; do
	as_member $cmd >"$T/out" 2>&1
	[ $? -eq 7 ] || fail "member may $cmd: $(cat "$T/out")"
	grep -q 'only root and' "$T/out" || fail "who may? $(cat "$T/out")"
done
for cmd in status 'why all' version; do
	as_member $cmd >"$T/out" 2>&1 || fail "member: $cmd: $(cat "$T/out")"
done
for cmd in status 'start web' stop; do
	as_stranger $cmd >"$T/out" 2>&1
	[ $? -eq 7 ] || fail "a stranger may $cmd: $(cat "$T/out")"
	grep -q 'become root' "$T/out" || fail "no advice: $(cat "$T/out")"
done
alive
[ "$(pid_of web)" = "$web" ] || fail 'web was touched'
finish
