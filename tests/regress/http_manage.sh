# /manage/ of the real daemon: reload, reset, stop; who may, and who may not.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

port=$(free_port)
sock=$T/http
conf <<CONF
settings:
  http:
  - { listen: "127.0.0.1:$port", allow_control: true }
  - { listen: "$sock" }
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
daemon
wait_for 5 runs web
url=http://127.0.0.1:$port
by="--unix-socket $sock"

answers()
{
	request "$url/status/version"
	[ "$code" = 200 ] || return 1
	request $by http://localhost/status/version
	[ "$code" = 200 ]
}
wait_for 5 answers

note 'a control listener says more of the platform'
expect 200 "$url/status/version"
body_has '"platform": {"system": "[^"]*", "platform": "[^"]*", "release": "'
expect 403 $by http://localhost/manage/reload

note 'from another site'
for h in 'Origin: http://evil.example' 'Origin: null' \
    'Sec-Fetch-Site: cross-site' 'Sec-Fetch-Site: same-site' \
    'Referer: http://evil.example/page' 'Host: evil.example' \
    "Host: evil.example:$port" "Origin: http://127.0.0.1:1"; do
	for p in reload stop reset; do
		expect 403 -H "$h" "$url/manage/$p"
		expect 403 -H "$h" -X POST "$url/manage/$p"
	done
done

note 'what can be read in two ways'
ours="Origin: $url"
for p in "control?web=off" reload stop reset; do
	expect 400 -H "$ours" -H 'Origin: http://evil.example' "$url/manage/$p"
	expect 400 -H "$ours" -H "$ours" "$url/manage/$p"
	expect 400 -H 'Content-Length: 7' -H 'Content-Length: 3' -d web=off \
	    "$url/manage/$p"
	[ "$(header Connection)" = close ] || fail 'the connection goes on'
	expect 404 --path-as-is "$url//any/manage/$p"
	expect 404 --path-as-is "$url//manage/$p"
done
expect 404 --path-as-is "$url//status/tasks"
expect 405 -I "$url/manage/stop"
expect 404 "$url/manage/other"
body_is 'Unknown control path -- /manage/other'
# All of that changed nothing.
webpid=$(pid_of web)
watch_for 1 lives "$webpid"
alive

note 'control and count, all or nothing'
lines_are()
{
	printf "$1" | cmp -s - "$T/body" || {
		cat "$T/body"
		fail "the answer is not '$1'"
	}
}
expect 202 "$url/manage/count?web=2"
lines_are 'web\tok\n'
wait_for 10 runs web 1
expect 200 -d web=2 "$url/manage/count"
lines_are 'web\tno change\n'
expect 404 "$url/manage/count?web=3&none=1"
lines_are 'none\tnot found\nweb\tno change\n'
expect 404 "$url/manage/count?web=0"
lines_are "web\\tnon-positive count '0'\\n"
expect 404 "$url/manage/count?web=x"
lines_are 'web\tbad count "x"\n'
expect 404 "$url/manage/control?web=of"
lines_are "web\\tbad control 'of'\\n"
expect 202 -d web=wait "$url/manage/control?web=off"
wait_for 10 runs_not web
expect 202 "$url/manage/control?web=wait"
wait_for 10 runs web
expect 202 "$url/manage/count?web=1"
wait_for 10 runs_not web 1
webpid=$(pid_of web)

note reload
conf <<CONF
settings:
  http:
  - { listen: "127.0.0.1:$port", allow_control: true }
  - { listen: "$sock" }
tasks:
  web: { commands: { start: ["$TASK"] } }
  two: { commands: { start: ["$TASK"] } }
CONF
expect 202 -H "Origin: $url" -H 'Sec-Fetch-Site: same-origin' \
    -X POST "$url/manage/reload"
type_is text/plain
body_is 'Taskforce config reload initiated'
wait_for 5 runs two
[ "$(pid_of web)" = "$webpid" ] || fail 'reload restarted a task'
shown()
{
	request $by "http://localhost/status/config"
	grep -q '"two"' "$T/body"
}
wait_for 5 shown

note reset
expect 202 -H "Host: localhost:$port" "$url/manage/reset"
body_is 'Taskforce reset initiated'
wait_for 10 restarted web 0 "$webpid"
alive
wait_for 5 answers

note stop
expect 202 "$url/manage/stop"
body_is 'Taskforce exit initiated'
exit_status 20
[ "$code" -eq 0 ] || fail "status $code"
runs_not web || fail 'a task was left'
no_crash
exit 0
