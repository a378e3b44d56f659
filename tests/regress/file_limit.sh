# A limit of the size of files, as who starts the daemon may have it, is no
# death of the daemon: what would be larger is not loaded, and what runs stays.
. "${0%/*}/lib.sh"

# write BYTES: so much of a task that does not run.
write()
{
	{
		echo 'tasks:'
		echo "  web: { commands: { start: ['$TASK', -r] } }"
		echo '  big:'
		echo "    control: 'off'"
		echo "    commands: { start: ['$TASK'] }"
		echo '    defines:'
		awk -v n="$1" 'BEGIN {
			x = sprintf("%1000s", "x")
			for (i = 0; i < n / 1000; i++)
				printf("      X%d: \"%s\"\n", i, x)
		}'
	} | conf
}

write 1000
# In blocks of 512 bytes; the log and all else are far below it.
hard=$(ulimit -H -f)
ulimit -S -f 400
launch
ulimit -S -f "$hard"
wait_for 20 up
wait_for 20 runs web
[ -z "$(report_of web 0 ignored)" ] || fail 'a task ignores a signal'
before=$(snapshot)

write 400000
status=0
ctl reload >"$T/out" 2>&1 || status=$?
alive
[ $status -eq 2 ] || fail "reload: status $status: $(cat "$T/out")"
grep -q 'cannot keep the plan: File too large' "$T/out" ||
    fail "reload: $(cat "$T/out")"
watch_for 1 same_snapshot "$before"
note 'a plan that is too large for a file changes nothing'

write 2000
ctl reload >"$T/out" 2>&1 || fail "reload: status $?: $(cat "$T/out")"
same_snapshot "$before" || fail 'a process was touched'
finish
