# The page without a browser: its headers and files, what is escaped, its
# forms, and the stream of events.  httpd on a stand.
# deadline: 120
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

stand -c -n 5 -l 0:0
url=http://127.0.0.1:$(port_of 0)

note 'the page and its files'
expect 200 "$url/"
type_is 'text/html; charset=utf-8'
csp=$(header Content-Security-Policy)
case $csp in
"default-src 'none';"*"script-src 'self';"*)	;;
*)	fail "the policy is '$csp'" ;;
esac
case $csp in
*unsafe* | *http* | *'*'*)	fail "the policy is '$csp'" ;;
esac
body_has '<tr id="t-web0">'
body_has '<svg '
body_has 'name="action" value="restart"'
# Nothing from elsewhere, nothing inline.
grep -E '(src|href)="(https?:)?//' "$T/body" && fail 'an outside resource'
grep -E '<style|style=| on[a-z]+=|<script>' "$T/body" &&
    fail 'something inline'
for f in page.css:text/css page.js:text/javascript icon.svg:image/svg+xml; do
	expect 200 "$url/${f%%:*}"
	type_is "${f#*:}"
	cmp "$T/body" "$TOP/httpd/${f%%:*}" || fail 'it was changed'
	tag=$(header ETag)
	expect 304 -H "If-None-Match: $tag" "$url/${f%%:*}"
done
expect 200 -I "$url/"

note 'forms'
asked_is()
{
	last=$(sed -n 's/^asked change //p' "$T/out" | tail -n 1)
	[ "$last" = "$1" ] || fail "asked '$last' instead of '$1'"
}
expect 202 -d 'action=start&task=web1' "$url/"
asked_is '8 web1='
expect 202 -d 'action=stop&task=web1' "$url/"
asked_is '9 web1='
expect 202 -d 'action=restart&task=web1' "$url/"
asked_is '10 web1='
expect 202 -d 'action=count&task=web1&count=3' "$url/"
asked_is '12 web1=3'
expect 303 -H 'Accept: text/html' -d 'action=stop&task=web2' "$url/"
[ "$(header Location)" = / ] || fail 'not back to the page'
expect 202 -d action=reload "$url/"
expect 404 -d 'action=stop&task=none' "$url/"
expect 404 -H 'Accept: text/html' -d 'action=stop&task=n%3Cb%3E' "$url/"
body_has 'n&lt;b&gt;'
for bad in '' action=stop 'action=count&task=web1' 'action=nothing&task=web1' \
    'task=web1' 'action=stop&task=web1%0aweb2'; do
	expect 400 -d "$bad" "$url/"
done
for h in 'Origin: http://evil.example' 'Sec-Fetch-Site: cross-site' \
    'Host: evil.example'; do
	expect 403 -H "$h" -d 'action=stop&task=web3' "$url/"
done
expect 405 -X DELETE "$url/"
asked_is '9 n<b>='

note 'the stream'
curl -sN -m 60 "$url/status/events" >"$T/events" &
stream=$!
started="$started $stream"
changes()
{
	[ "$(grep -c '^event: change$' "$T/events")" -ge "$1" ]
}
wait_for 10 changes 1
tell change
wait_for 10 changes 2
before=$(grep -c '^event: change$' "$T/events")
t0=$(now_ms)
i=0
while [ $i -lt 40 ]; do
	tell change
	i=$((i + 1))
done
wait_for 10 changes $((before + 1))
n=$(($(grep -c '^event: change$' "$T/events") - before))
ms=$(($(now_ms) - t0))
[ $n -le $((ms / 250 + 2)) ] || fail "$n events in $ms ms"
tell kill
away()
{
	grep -q '^event: away$' "$T/events"
}
wait_for 10 away
before=$(grep -c '^event: change$' "$T/events")
tell peer
wait_for 10 changes $((before + 1))
expect 200 -I "$url/status/events"
type_is text/event-stream
kill $stream

note 'too many that listen'
"$CLIENT" -n 300 -r 'GET /status/events HTTP/1.1\r\nHost: x\r\n\r\n' \
    "$(port_of 0)" >"$T/many" 2>&1
grep -q 503 "$T/many" || {
	cat "$T/many"
	fail 'there is no limit'
}
expect 200 "$url/"
stand_ends

note 'no buttons where nothing may be changed'
stand '' -n 5 -l 0:0
url=http://127.0.0.1:$(port_of 0)
expect 200 "$url/"
grep -q '<form' "$T/body" && fail 'a form on a status listener'
expect 403 -d 'action=stop&task=web1' "$url/"
stand_ends
exit 0
