# Listeners added, removed and changed by a reload, those that cannot be
# opened, and renewed certificates: the others are not touched.
# deadline: 120
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

certificate "$T/one.pem" first.example
certificate "$T/two.pem" second.example
cp "$T/one.pem" "$T/cert.pem"
chmod 600 "$T/cert.pem"
a=$(free_port)
b=$(free_port)
tls=$(free_port)
sock=$T/http

# config LISTENERS
config()
{
	conf <<CONF
settings:
  http:
$1
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
}
keep="  - { listen: \"127.0.0.1:$a\", timeout: 300 }
  - { listen: \"127.0.0.1:$tls\", certfile: \"$T/cert.pem\", timeout: 300 }"
config "$keep
  - { listen: \"$sock\" }"
daemon
wait_for 10 runs web

serves()
{
	request "$@"
	[ "$code" = 200 ]
}
wait_for 10 serves "http://127.0.0.1:$a/status/version"
wait_for 10 serves "https://127.0.0.1:$tls/status/version"
wait_for 10 serves --unix-socket "$sock" http://localhost/status/version
was=$(helper httpd)

# Connections that stay through all that follows: each line written to one
# is a request, whose status line shows in its output.
mkfifo "$T/plain.in" "$T/tls.in"
command -v python3 >/dev/null || skip 'no python3'
python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for line in sys.stdin:
    s.sendall(b"GET /status/version HTTP/1.1\r\nHost: localhost\r\n\r\n")
    data = b""
    while not data.endswith(b"}}\n"):
        more = s.recv(65536)
        if not more:
            print("closed", flush=True)
            sys.exit(1)
        data += more
    print(data.split(b"\r\n")[0].decode(), flush=True)
' "$a" <"$T/plain.in" >"$T/plain.out" 2>&1 &
started="$started $!"
exec 7>"$T/plain.in"
openssl s_client -quiet -connect "127.0.0.1:$tls" <"$T/tls.in" \
    >"$T/tls.out" 2>/dev/null &
started="$started $!"
exec 6>"$T/tls.in"

statuses()
{
	[ "$(grep -c '200 OK' "$T/plain.out")" -eq "$1" ] &&
	    [ "$(grep -c '200 OK' "$T/tls.out")" -eq "$1" ]
}

nkept=0
kept()
{
	nkept=$((nkept + 1))
	echo go >&7
	printf 'GET /status/version HTTP/1.1\r\nHost: x\r\n\r\n' >&6
	wait_for 10 statuses $nkept
}
kept

note 'one more, one less'
config "$keep
  - { listen: \"127.0.0.1:$b\" }"
kill -HUP "$DPID"
wait_for 10 serves "http://127.0.0.1:$b/status/version"
gone_by()
{
	! serves --unix-socket "$sock" http://localhost/status/version
}
wait_for 10 gone_by
[ ! -e "$sock" ] || fail 'the Unix socket was left'
kept

note 'one that changes'
config "$keep
  - { listen: \"127.0.0.1:$b\", allow: 192.0.2.0/24 }"
kill -HUP "$DPID"
not_b()
{
	! serves "http://127.0.0.1:$b/status/version"
}
wait_for 10 not_b
kept
config "$keep
  - { listen: \"127.0.0.1:$b\", allow_control: true }"
kill -HUP "$DPID"
controls()
{
	request "http://127.0.0.1:$b/manage/nothing"
	[ "$code" = 404 ]
}
wait_for 10 controls
kept

note 'one that cannot be opened, until it can'
mkdir "$T/taken"
config "$keep
  - { listen: \"$T/taken\" }"
kill -HUP "$DPID"
wait_for 10 logged 'taken: cannot listen: .*trying again every 5 s'
kept
ctl status | grep -q "^http .*taken is not served: cannot listen" ||
    fail 'status does not show it'
request "http://127.0.0.1:$a/"
body_has 'taken is not served:'
rmdir "$T/taken"
wait_for 20 serves --unix-socket "$T/taken" http://localhost/status/version
kept

note 'a renewed certificate; the connections of before live on'
subject()
{
	openssl s_client -connect "127.0.0.1:$tls" </dev/null 2>/dev/null |
	    sed -n 's/^subject=.*CN *= *//p'
}
[ "$(subject)" = first.example ] || fail 'not the first certificate'
# Nobody has to say so: the file is followed.
cp "$T/two.pem" "$T/cert.pem"
is_second()
{
	[ "$(subject)" = second.example ]
}
wait_for 10 is_second
kept
echo rubbish >"$T/cert.pem"
wait_for 10 logged 'certfile: certificate: no start line; the one from before'
is_second || fail 'the good certificate was lost'
ctl status | grep -q "^http 127.0.0.1:$tls: .*cert.pem: .*no start line" ||
    fail 'status does not show the bad certificate'
rm "$T/cert.pem"
kill -HUP "$DPID"
kept
is_second || fail 'the good certificate was lost with its file'
cp "$T/one.pem" "$T/cert.pem"
kill -HUP "$DPID"
is_first()
{
	[ "$(subject)" = first.example ]
}
wait_for 10 is_first
kept

lives "$was" || fail 'httpd was started anew'
no_crash
exit 0
