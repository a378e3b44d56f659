# settings.control_group: its members may open the control socket and see the
# status, nobody else's; a reload changes the group, and takes it away again.
. "${0%/*}/lib.sh"

if [ $ROOT = yes ]; then
	other=12345
else
	# One may give a file to any group one is in.
	other=
	for g in $(id -G); do
		[ "$g" = "$(id -g)" ] || other=$g
	done
	[ -n "$other" ] || skip 'in one group only'
fi
stat -c %g "$T" >/dev/null 2>&1 || skip 'no stat(1) as we know it'

config()
{
	conf <<CONF
settings: { $1 }
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
}
group_is()
{
	[ "$(stat -c '%g %a' "$T/sock")" = "$1 660" ]
}
as_member()
{
	setpriv --reuid=1 --regid="$other" --clear-groups "$CTL" \
	    -s "$T/sock" "$@"
}

config ''
daemon
wait_for 10 runs web
web=$(pid_of web)
usual=$(stat -c %g "$T/sock")
[ "$usual" != "$other" ] || skip "the usual group is $other"

config "control_group: $other"
ctl reload || fail 'reload'
wait_for 10 group_is "$other"
if [ $ROOT = yes ] && command -v setpriv >/dev/null &&
    as_member -V >/dev/null 2>&1; then
	as_member -p status >"$T/out" 2>&1 || fail "member: $(cat "$T/out")"
	grep -q '^web	running' "$T/out" || fail "member: $(cat "$T/out")"
	as_member stop >"$T/out" 2>&1 && fail 'a member may stop the daemon'
fi

# A group that this host does not know holds nothing up.
config 'control_group: no-such-group'
ctl reload >"$T/out" 2>&1 || fail "reload: $(cat "$T/out")"
wait_for 10 group_is "$usual"
wait_for 10 logged "group 'no-such-group' does not exist"
"$TFD" -C -f "$T/conf" -r "$T/roles" $USER_OPT >"$T/out" 2>&1 &&
    fail '-C says nothing of it'
grep -q "conf:1:.*group 'no-such-group' does not exist" "$T/out" ||
    fail "-C: $(cat "$T/out")"

config "control_group: $other"
ctl reload || fail 'reload'
wait_for 10 group_is "$other"
config ''
ctl reload || fail 'reload'
wait_for 10 group_is "$usual"
[ "$(pid_of web)" = "$web" ] || fail 'web was touched'
finish
