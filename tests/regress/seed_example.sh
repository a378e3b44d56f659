# deadline: 120
# The complete example of the 0.6.0 text passes -C and runs: as frontend, as
# backend, with both.  The text is taken from the seeds, which are not part
# of the source; its programs are simulated by the test task.
. "${0%/*}/lib.sh"

for d in "${SHARED:-}" "$TOP/../shared" /work/shared; do
	seed=$d/seeds/taskforce-0.6.0-readme.txt
	[ -r "$seed" ] && break
done
[ -r "$seed" ] || skip 'no seeds beside the source tree'

# The last block from a "{" in the first column to its "}".
awk '/^[{]/ { n = 0; on = 1 }
    on { line[n++] = $0 }
    /^[}]/ && on { on = 0; last = n }
    END { for (i = 0; i < last; i++) print line[i] }' "$seed" >"$T/example"
grep -q ws_server "$T/example" || fail 'cannot find the example in the text'

command -v curl >/dev/null || skip 'no curl(1)'
base=$T/base
mkdir -p "$base/bin" "$base/etc" "$base/var/run"
chmod 755 "$base" "$base/bin" "$base/etc" "$base/var" "$base/var/run"
# Its event of type python wants ws_server to be what it says.
[ -x /usr/bin/python3 ] || skip 'no /usr/bin/python3'
cat >"$base/bin/ws_server" <<SIM
#!/usr/bin/python3
import os
os.execv("$TASK", ["$TASK"])
SIM
chmod 755 "$base/bin/ws_server"
for prog in haproxy httpd db_server service; do
	cat >"$base/bin/$prog" <<SIM
#!/bin/sh
exec "$TASK"
SIM
	chmod 755 "$base/bin/$prog"
done
# ntpd is two tasks: timeset, which ends, and ntpd itself.
cat >"$base/bin/ntpd" <<SIM
#!/bin/sh
case "\$*" in
*-q*)	exec "$TASK" -a 100 ;;
*)	exec "$TASK" ;;
esac
SIM
chmod 755 "$base/bin/ntpd"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -keyout "$T/key" -out "$T/cert" 2>/dev/null || skip 'no openssl(1)'
cat "$T/key" "$T/cert" >"$base/etc/sslcert.pem"
chmod 600 "$base/etc/sslcert.pem"

EXAMPLES_BASE=$base
EXAMPLES_LISTEN=127.0.0.1:$(free_port 1)
PATH=$base/bin:$PATH
export EXAMPLES_BASE EXAMPLES_LISTEN PATH
cp "$T/example" "$T/conf"

served()
{
	curl -sf -m 2 "$@" | grep -q '"httpd"'
}

for role in frontend backend both; do
	case $role in
	both)	printf 'frontend\nbackend\n' >"$T/roles" ;;
	*)	echo $role >"$T/roles" ;;
	esac
	rm -f "$RUNDIR"/*
	"$TFD" -C -f "$T/conf" -r "$T/roles" $USER_OPT >"$T/out" 2>&1 ||
	    fail "-C as $role: status $?: $(cat "$T/out")"
	daemon
	case $role in
	frontend)	want='haproxy httpd ws_server' not=db_server ;;
	backend)	want='httpd db_server' not='haproxy ws_server' ;;
	both)		want='haproxy httpd ws_server db_server' not= ;;
	esac
	for t in ntpd $want; do
		wait_for 15 runs $t
	done
	case $want in
	*ws_server*)
		for i in 1 2 3; do
			wait_for 5 runs ws_server $i
		done
		wait_for 5 is running ws_server 4
		;;
	esac
	for t in $not; do
		runs $t && fail "$t runs as $role"
		is reason $t not-in-role || fail "$t: $(column reason $t)"
	done
	is state timeset done || fail "timeset is $(column state timeset)"
	[ "$(event_ms start ntpd)" -ge "$(event_ms exit timeset)" ] ||
	    fail 'ntpd did not wait for timeset'
	# Since timeset has ended, and not since httpd says that it runs:
	# it may be late with that.
	[ "$(event_ms start ws_server)" = '' ] ||
	    [ "$(($(event_ms start ws_server) - $(event_ms exit timeset)))" \
	    -ge 1000 ] || fail 'the start_delay of httpd was not waited for'
	wait_for 5 served --unix-socket "$base/var/run/taskforce.sock" \
	    http://localhost/status/tasks
	wait_for 5 served -k "https://$EXAMPLES_LISTEN/status/tasks"
	stop_daemon
	[ ! -e "$base/var/run/taskforce.sock" ] || fail 'a listener is left'
	note "$role: ok"
done
exit 0
