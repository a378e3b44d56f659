# deadline: 90
# What is too long, too slow or too many, against an httpd of its own.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

certificate "$T/cert.pem" localhost

# begin MS: one that has so much patience.
begin()
{
	rm -f "$T/http"
	stand '' -t "$1" -l 0:0 -l "1:0=$T/cert.pem" -l "2:$T/http"
	port=$(port_of 0)
	tls=$(port_of 1)
	url=http://127.0.0.1:$port
}
# What is about sizes is not to fail because the machine was away.
begin 30000

serves()
{
	expect 200 "$url/status/version"
	expect 200 "https://127.0.0.1:$tls/status/version"
	expect 200 --unix-socket "$T/http" http://localhost/status/version
}
serves

# filler N: so many bytes of a letter.
filler()
{
	head -c "$1" /dev/zero | tr '\0' a
}

note 'bodies: 64 KiB are taken, more is not'
filler 65536 >"$T/fits"
filler 65537 >"$T/long"
filler 3000000 >"$T/verylong"
expect 200 --data-binary "@$T/fits" "$url/status/version"
expect 413 -H Expect: --data-binary "@$T/long" "$url/status/version"
type_is text/plain
ends_with_newline
grep -qi '^Connection: close' "$T/header" || fail 'the connection stays'
expect 413 -H Expect: --data-binary "@$T/verylong" "$url/status/version"
expect 413 -H Expect: -H 'Transfer-Encoding: chunked' \
    --data-binary "@$T/verylong" "$url/status/version"
expect 413 -H Expect: --data-binary "@$T/verylong" \
    "https://127.0.0.1:$tls/status/version"

note 'headers: 16 KiB'
expect 200 -H "X-Fits: $(filler 15000)" "$url/status/version"
expect 400 -H "X-Long: $(filler 17000)" "$url/status/version"
type_is text/plain
body_is 'Bad Request'
grep -qi '^Connection: close' "$T/header" || fail 'the connection stays'
expect 400 "$url/$(filler 20000)"

get='GET /status/version HTTP/1.1\r\nHost: localhost\r\n\r\n'

note 'a body that is only announced'
"$CLIENT" -r "POST /status/version HTTP/1.1\r\nHost: localhost\r\n\
Content-Length: 99999999\r\n\r\n" "$port" >"$T/answer"
grep -q '^HTTP/1.1 413' "$T/answer" || fail 'no 413'

note 'methods'
expect 405 -X PUT "$url/status/version"
type_is text/plain
[ "$(header Allow)" = 'GET, HEAD, POST' ] || fail 'Allow'
expect 501 -X BREW "$url/status/version"
type_is text/plain
body_is 'Not Implemented'
expect 501 -X BREW "https://127.0.0.1:$tls/status/version"
body_is 'Not Implemented'

note 'a request that is slow, but in time'
"$CLIENT" -h -d 5 -r "$get" "$port" >"$T/answer"
grep -q '^HTTP/1.1 200' "$T/answer" || fail 'no answer'

note 'the sending side is shut down after the request'
"$CLIENT" -h -r "$get" "$port" >"$T/answer"
grep -q '^HTTP/1.1 200' "$T/answer" || fail 'no answer'

note 'requests in one piece are all answered'
"$CLIENT" -h -r "$get$get$get$get" "$port" >"$T/answer"
one=$(sed -n 's/^bytes \([0-9]*\) .*/\1/p' "$T/answer")
"$CLIENT" -h -r "$get" "$port" >"$T/answer"
[ "$one" -eq $((4 * $(sed -n 's/^bytes \([0-9]*\) .*/\1/p' \
    "$T/answer"))) ] || fail 'not all were answered'

note 'rubbish'
"$CLIENT" -r 'rubbish\r\n\r\n' "$port" >"$T/answer"
grep -q '^HTTP/1.1 400' "$T/answer" || fail 'no 400'
"$CLIENT" -r "$get" "$tls" >"$T/answer"
grep -q '^HTTP' "$T/answer" && fail 'plain HTTP on a TLS port'
"$CLIENT" -h -n 200 -r 'GET /status/tasks HT' "$port" >"$T/answer"
grep -q '^HTTP/1.1 2' "$T/answer" && fail 'half a request was answered'
serves
stand_ends

begin 1000
# It has so little patience that a busy machine may come too late once.
served()
{
	request "$url/status/tasks?indent=16"
	[ "$code" = 200 ]
}
# ended HIGH CLIENT-ARGUMENT ...: without an answer, and when its second was
# over: in so many ms, the best of three.
ended()
{
	high=$(($1 * TESTS_SLOW))
	shift
	for try in 1 2 3; do
		"$CLIENT" "$@" >"$T/answer"
		cat "$T/answer"
		grep -q '^HTTP' "$T/answer" && fail 'it was answered'
		ms=$(sed -n 's/^bytes [0-9]* ms //p' "$T/answer")
		[ -n "$ms" ] || fail 'the connection did not end'
		[ "$ms" -ge 900 ] || fail "it ended after $ms ms"
		[ "$ms" -gt $high ] || return 0
	done
	fail "the connection ended after $ms ms, never less than $high"
}

note 'nothing is sent'
ended 2500 "$port"
ended 2500 "$tls"
ended 2500 "$T/http"

note 'a request drips'
ended 3000 -d 100 -r "$get" "$port"
ended 3000 -d 100 -r "$get" "$T/http"
note 'a body drips'
ended 3000 -d 20 -r "POST /status/version HTTP/1.1\r\nHost: localhost\r\n\
Content-Length: 5000\r\n\r\n$(filler 4000)" "$port"

note 'answers that nobody reads'
gets=$(i=0; while [ $i -lt 300 ]; do printf '%s' \
    'GET /status/tasks?indent=16 HTTP/1.1\r\nHost: localhost\r\n\r\n'
    i=$((i + 1)); done)
"$CLIENT" -w 8000 -r "$gets" "$port" >"$T/answer"
n=$(sed -n 's/^bytes \([0-9]*\) ms .*/\1/p' "$T/answer")
wait_for 10 served
[ -n "$n" ] || fail 'the connection did not end'
[ "$n" -lt $((300 * $(wc -c <"$T/body"))) ] ||
    fail 'all answers were kept for one who did not read'

wait_for 10 served
stand_ends

note '512 connections, the others wait'
# Long enough for a busy machine to see them all at once.
stand '' -t 4000 -l 0:0
port=$(port_of 0)
url=http://127.0.0.1:$port
if [ "$(ulimit -H -n)" != unlimited ] && [ "$(ulimit -H -n)" -lt 1300 ]; then
	note 'left out: too few descriptors'
else
	ulimit -S -n 1300
	full()
	{
		seen=$(established)
		[ "$seen" -ge 512 ]
	}
	full_or_over()
	{
		full || gone "$many"
	}
	established()
	{
		ls "/proc/$httpd/fd" 2>/dev/null | wc -l
	}
	httpd=$(helper httpd "$STANDPID")
	# Unless the first of them are over before the last have come.
	for try in 1 2 3; do
		"$CLIENT" -n 600 "$port" >"$T/answer" &
		many=$!
		[ -r "/proc/$httpd/fd" ] || break
		try_for 20 full_or_over
		[ "$seen" -lt 512 ] || break
		wait $many
	done
	if [ -r "/proc/$httpd/fd" ]; then
		[ "$seen" -ge 512 ] || fail "never 512: $seen descriptors"
		[ "$seen" -lt 560 ] || fail 'more than 512'
	fi
	# They end at the deadline, and then the others get their turn.
	wait_for 10 served
	wait $many
	[ "$(grep -c '^bytes 0 ms' "$T/answer")" -eq 600 ] ||
	    fail 'not all were ended'
fi

wait_for 10 served
stand_ends
exit 0
