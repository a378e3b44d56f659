# /manage/control and /manage/count: what is asked of the monitor, and what
# its answers become.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

stand -c -l 0:0
url=http://127.0.0.1:$(port_of 0)

# The last change that the monitor was asked for.
asked_is()
{
	last=$(sed -n 's/^asked change //p' "$T/out" | tail -n 1)
	[ "$last" = "$1" ] || fail "asked '$last' instead of '$1'"
}

lines_are()
{
	printf "$1" | cmp -s - "$T/body" || {
		cat "$T/body"
		fail "the answer is not '$1'"
	}
}

note 'one task, several, by query and by body'
expect 202 "$url/manage/control?web1=off"
type_is text/plain
lines_are 'web1\tok\n'
asked_is '11 web1=off'
expect 202 -d 'web3=wait&web1=off' "$url/manage/control?web2=same"
lines_are 'web1\tok\nweb2\tno change\nweb3\tok\n'
asked_is '11 web1=off web2=same web3=wait'
expect 200 "$url/manage/count?web1=same"
lines_are 'web1\tno change\n'
asked_is '12 web1=same'

note 'the query wins over the body, the first over the others'
expect 202 -d 'web1=2&web2=5' "$url/manage/count?web1=3&web1=4"
asked_is '12 web1=3 web2=5'
# The body of a GET means nothing.
expect 202 -X GET -d 'web2=5' "$url/manage/count?web1=3"
asked_is '12 web1=3'
expect 202 "$url/manage/count?web%31=%33"
asked_is '12 web1=3'

note 'what cannot be'
expect 404 "$url/manage/control?web1=bad"
lines_are "web1\\tbad control 'bad'\\n"
expect 404 "$url/manage/control?nope=off&web1=off"
lines_are 'nope\tnot found\nweb1\tno change\n'
was=$last
expect 400 "$url/manage/control"
expect 400 -d '' "$url/manage/count"
expect 400 "$url/manage/count?web1=%0a"
expect 400 "$url/manage/count?web1=%"
expect 400 "$url/manage/count?web%00=1"
many=$(i=0; while [ $i -lt 1025 ]; do printf "w$i=1&"; i=$((i + 1)); done)
expect 400 -d "$many" "$url/manage/count"
expect 405 -I "$url/manage/count?web1=7"
expect 403 -H 'Origin: http://evil.example' "$url/manage/count?web1=7"
asked_is '11 nope=off web1=off'

note 'a monitor that does not answer, and one that goes away'
tell mute
expect 503 "$url/manage/count?web1=3"
tell kill
tell peer
tell speak
expect 202 "$url/manage/count?web1=3"
# Who asked went away before the answer.
tell mute
curl -s -m 1 "$url/manage/count?web1=4" >/dev/null
tell speak
expect 202 "$url/manage/count?web1=5"
stand_ends
exit 0
