# Who may use a listener: addresses, passwords and tokens, certificates of
# clients; HSTS; listeners that come and go.  httpd on a stand.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

certificate "$T/one.pem" localhost
# bcrypt of "secret"; the digest of "token".
hash='$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW'
digest=$(printf token | openssl dgst -sha256 | sed 's/.* //')
printf 'bob:%s\nci:%s\n' "$hash" "$digest" >"$T/auth"

note 'passwords and tokens'
stand -c -A "$T/auth" -h 600 -l 0:0 -l "1:0=$T/one.pem"
url=http://127.0.0.1:$(port_of 0)
tls=https://127.0.0.1:$(port_of 1)
for u in "$url" "$tls"; do
	for p in /status/tasks /healthz /nothing /manage/reload; do
		expect 401 "$u$p"
		[ "$(header WWW-Authenticate)" != "" ] ||
		    fail 'no WWW-Authenticate'
	done
	expect 200 -u bob:secret "$u/status/tasks"
	expect 200 -H 'Authorization: Bearer token' "$u/status/tasks"
	expect 401 -H 'Authorization: Bearer wrong' "$u/status/tasks"
	expect 401 -u bob:wrong "$u/status/tasks"
	expect 401 -u eve:secret "$u/status/tasks"
done
[ "$(asked reload)" -eq 0 ] || fail 'a stranger reloaded'
expect 202 -u bob:secret "$url/manage/reload"
wait_for 5 logged '/manage/reload from 127.0.0.1, user bob'
wait_for 5 logged 'wrong password or token from 127.0.0.1'

note 'a flood of wrong passwords: few are looked at, few are logged'
# By one curl, which is faster than they are looked at.
curl -s -m 60 -w '%{http_code}\n' -o "$T/body" $(i=0
    while [ $i -lt 60 ]; do
	echo "http://bob:wrong$i@${url#*//}/healthz -o $T/body"
	i=$((i + 1))
    done) >"$T/codes" || fail "curl: $?: $(cat "$T/codes")"
[ "$(sort -u "$T/codes" | tr '\n' ' ')" = '401 429 ' ] ||
    fail "not 401 and 429: $(sort "$T/codes" | uniq -c)"
expect 200 -u bob:secret "$url/healthz"
[ "$(grep -c 'wrong password' "$T/log")" -le 40 ] ||
    fail 'the log was flooded'

note 'other users, and a file that is not good'
echo "$digest" >"$T/auth2"
tell auth 0 "$T/auth2"
wait_for 5 grep -q '^taken 0 2 *$' "$T/out"
unknown()
{
	request -u bob:secret "$url/healthz"
	[ "$code" = 401 ]
}
wait_for 10 unknown
expect 200 -H 'Authorization: Bearer token' "$url/healthz"
expect 200 -u bob:secret "$tls/healthz"
echo 'bob:secret' >"$T/auth3"
tell auth 0 "$T/auth3"
wait_for 5 grep -q '^taken 0 2 line 1: neither' "$T/out"
expect 200 -H 'Authorization: Bearer token' "$url/healthz"
grep -q 'bob:secret' "$T/log" && fail 'a password is in the log'

note HSTS
expect 200 -u bob:secret "$tls/healthz"
[ "$(header Strict-Transport-Security)" = max-age=600 ] ||
    fail 'no Strict-Transport-Security'
expect 200 -H 'Authorization: Bearer token' "$url/healthz"
[ -z "$(header Strict-Transport-Security)" ] || fail 'HSTS without TLS'
stand_ends

note addresses
stand '' -a 192.0.2.0/24 -a ::1/128 -l 0:0
request "http://127.0.0.1:$(port_of 0)/status/tasks"
case $code in
000*)	;;
*)	fail "a stranger got $code" ;;
esac
wait_for 5 logged 'address that is not allowed'
stand_ends
stand '' -a 192.0.2.0/24 -a 127.0.0.0/8 -l 0:0
expect 200 "http://127.0.0.1:$(port_of 0)/status/tasks"
stand_ends

note 'certificates of clients'
certificate "$T/alice.pem" alice
certificate "$T/mallory.pem" mallory
stand -c -C "$T/alice.pem.crt" -l "0:0=$T/one.pem"
tls=https://127.0.0.1:$(port_of 0)
for v in 1.2 1.3; do
	request --tls-max $v "$tls/status/tasks"
	case $code in
	000*)	;;
	*)	fail "without a certificate: $code" ;;
	esac
	request --tls-max $v --cert "$T/mallory.pem" "$tls/status/tasks"
	case $code in
	000*)	;;
	*)	fail "with another one's certificate: $code" ;;
	esac
	expect 200 --tls-max $v --cert "$T/alice.pem" "$tls/status/tasks"
done
expect 202 --cert "$T/alice.pem" "$tls/manage/reload"
wait_for 5 logged 'reload from 127.0.0.1, certificate of alice'
stand_ends

note 'a listener comes, and goes while an answer is under way'
stand '' -n 3 -l 0:0
one=http://127.0.0.1:$(port_of 0)
expect 200 "$one/status/tasks"
port_now()
{
	sed -n "s/^listen $1 //p" "$T/out" | tail -n 1
}
# It waits for a while: on a machine that is away the other may come too late.
for try in 1 2 3 4 5 6 7 8; do
	tell listen "5:0=$T/one.pem"
	two=https://127.0.0.1:$(port_now 5)
	expect 200 "$two/status/tasks"
	tell change
	tell mute
	n=$(asked status)
	curl -s -k -m 15 -o "$T/waited" -w '%{http_code}' \
	    "$two/status/tasks" >"$T/waited.code" &
	waiting=$!
	wait_for 5 asked_times status $((n + 1))
	tell unlisten 5
	tell change
	request "$two/status/version"
	case $code in
	000*)	;;
	*)	fail "it is still served: $code" ;;
	esac
	tell kill
	tell speak
	tell peer
	wait $waiting
	[ "$(cat "$T/waited.code")" = 503 ] || break
done
[ "$(cat "$T/waited.code")" = 200 ] || fail 'an answer was cut off'
expect 200 "$one/status/tasks"
tell listen 5:0
expect 200 "http://127.0.0.1:$(port_now 5)/status/tasks"
stand_ends
exit 0
