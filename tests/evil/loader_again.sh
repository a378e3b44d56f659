# deadline: 120
# A loader that dies has said nothing about the files: the load is tried again
# by itself, and what was changed meanwhile comes into force.
. "${0%/*}/lib.sh"

evil_prefix evil_loader monitor
set_attack none
evil_conf
daemon
wait_for 10 all_run
wait_for 10 is state web running
before=$(snapshot)

in_force()
{
	ctl status | grep -q '[0-9] in force$'
}

times_later()
{
	grep -c 'is tried again in' "$T/log"
}
later()
{
	[ "$(times_later)" -ge "$1" ]
}

note 'it dies'
set_attack exit
ctl reload >"$T/out" 2>&1 && fail "the reload says ok: $(cat "$T/out")"
grep -q 'conf: the load is tried again in 10 s$' "$T/out" ||
    fail "no word of it: $(cat "$T/out")"
in_force && fail 'status says that all is well'
sed 's/tell: .*told\] }/tell: [\/bin\/true] }/' "$T/conf" | conf
wait_for 10 later 2
grep -q 'conf: the load is tried again in 20 s$' "$T/log" ||
    fail 'the second delay is not longer'
same_snapshot "$before" || fail "tasks were touched: $(snapshot)"

note 'it does not any more'
set_attack none
wait_for 60 in_force
same_snapshot "$before" || fail "tasks were touched: $(snapshot)"
as_planned

note 'a file that is wrong is not loaded over and over'
n=$(times_later)
conf <<CONF
tasks: { web: {} }
CONF
ctl reload >"$T/out" 2>&1
[ $? -eq 2 ] || fail "reload: $(cat "$T/out")"
grep -q 'tried again' "$T/out" && fail 'it is tried again'
at_rest 1 times_later
later $((n + 1)) && fail 'it is tried again'
finish
