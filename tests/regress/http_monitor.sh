# httpd and its monitor, on a stand: what is remembered, a monitor that
# hangs, dies and comes again, one that lies; a renewed certificate.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

certificate "$T/one.pem" first.example
certificate "$T/two.pem" second.example
stand '-c' -n 10 -l 0:0 -l "1:0=$T/one.pem"
url=http://127.0.0.1:$(port_of 0)
tls=$(port_of 1)
wait_for 5 asked_times subscribe 1

note 'an answer is asked for once'
for i in 1 2 3 4 5; do
	expect 200 "$url/status/tasks"
	expect 200 "$url/status/config"
	expect 200 "$url/status/config?indent=2"
	expect 200 "$url/status/version"
done
asked_times status 1 || fail "status was asked $(asked status) times"
asked_times config 1 || fail "config was asked $(asked config) times"

note 'and again after a change'
tell change
for i in 1 2 3; do
	expect 200 "$url/status/config"
	expect 200 "$url/status/tasks"
done
asked_times status 2 || fail "status was asked $(asked status) times"
asked_times config 2 || fail "config was asked $(asked config) times"

note 'uptime goes on all the same'
uptime()
{
	request "$url/status/tasks?indent=1"
	sed -n 's/^ *"uptime": \([0-9]*\)\.\([0-9]*\),*$/\1\2/p' "$T/body" |
	    head -n 1
}
first=$(uptime)
later()
{
	[ "$(uptime)" -ge $((first + 100)) ]
}
wait_for 5 later
asked_times status 2 || fail "status was asked $(asked status) times"

note 'a monitor that says nothing'
tell change
tell mute
in_time 1500 4000 expect 503 "$url/status/tasks"
[ "$(header Retry-After)" = 1 ] || fail 'no Retry-After'
expect 503 "$url/manage/stop"
# It has been initiated, as far as we know.
expect 202 "$url/manage/reload"
expect 200 "$url/status/version"

note 'no monitor, then another one'
tell kill
expect 503 "$url/status/config"
# It waits for a while: on a machine that is away the other may come too late.
for try in 1 2 3 4 5 6 7 8; do
	curl -s -m 15 -o "$T/waited" -w '%{http_code}' "$url/status/tasks" \
	    >"$T/waited.code" &
	waiting=$!
	tell speak
	tell peer
	wait $waiting
	[ "$(cat "$T/waited.code")" = 503 ] || break
	tell mute
	tell kill
done
[ "$(cat "$T/waited.code")" = 200 ] ||
    fail 'a request was not asked again of the new monitor'
expect 200 "$url/status/config"
for what in reload stop reset; do
	expect 202 "$url/manage/$what"
done
[ "$(asked reset)" -eq 1 ] || fail 'reset was not asked once'

note 'a monitor takes the place of one that lives'
tell peer
expect 200 "$url/status/tasks"

note 'a renewed certificate'
subject()
{
	openssl s_client -connect "127.0.0.1:$tls" </dev/null 2>/dev/null |
	    sed -n 's/^subject=.*CN *= *//p'
}
[ "$(subject)" = first.example ] || fail 'not the first certificate'
tell cert 1 "$T/two.pem"
is_second()
{
	[ "$(subject)" = second.example ]
}
wait_for 5 is_second
echo rubbish >"$T/bad.pem"
tell cert 1 "$T/bad.pem"
cat "$T/two.pem.crt" "$T/one.pem.key" >"$T/mixed.pem"
tell cert 1 "$T/mixed.pem"
wait_for 5 logged 'private key.*the one from before stays'
[ "$(subject)" = second.example ] || fail 'the good certificate was lost'
expect 200 "https://127.0.0.1:$tls/status/tasks"

note 'the spawner goes: so do we'
stand_ends

note 'a monitor that breaks the protocol: httpd ends itself'
stand '' -n 1 -l 0:0
expect 200 "http://127.0.0.1:$(port_of 0)/status/tasks"
echo garbage >&9
wait_for 5 gone "$STANDPID"
grep -q '^exit exited 1$' "$T/out" || fail 'it went on'
exit 0
