# /status/version, tasks and config of the real daemon, by TCP, by Unix
# socket and by TLS; paths, methods and formats that are not served.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

certificate "$T/cert.pem" localhost
tcp=$(free_port)
tls=$(free_port)
sock=$T/http
conf <<CONF
{
  "settings": { "http": [
    { "listen": "127.0.0.1:$tcp" },
    { "listen": "$sock" },
    { "listen": "127.0.0.1:$tls", "certfile": "$T/cert.pem" }
  ] },
  "tasks": {
    "web": { "count": 2, "commands": { "start": ["$TASK"] } },
    "first": { "control": "once", "commands": { "start": ["/bin/false"] } },
    "db": { "requires": "web", "commands": { "start": ["$TASK"] } }
  }
}
CONF
daemon
wait_for 5 is state db running
wait_for 5 is state first done
wait_for 5 settled
all="http://127.0.0.1:$tcp --unix-socket:$sock:http://localhost
    https://127.0.0.1:$tls"

answers()
{
	for where in $all; do
		case $where in
		--unix*)
			request --unix-socket "$sock" \
			    http://localhost/status/version ;;
		*)	request "$where/status/version" ;;
		esac
		[ "$code" = 200 ] || return 1
	done
}
wait_for 5 answers

[ "$(stat -c %a "$sock" 2>/dev/null || stat -f %Lp "$sock")" = 660 ] ||
    fail 'the mode of the socket is not 0660'

for where in $all; do
	opt=
	case $where in
	--unix*)
		opt="--unix-socket $sock"
		where=http://localhost ;;
	esac
	note "$opt $where"
	expect 200 $opt "$where/status/version"
	type_is application/json
	ends_with_newline
	body_has '^{"taskforce": "[0-9.]*", "platform": {"system": "[A-Z]'
	grep -q release "$T/body" && fail 'a status listener tells the release'

	expect 200 $opt "$where/status/tasks"
	type_is application/json
	ends_with_newline
	[ "$(wc -l <"$T/body")" -eq 1 ] || fail 'more than one line'
	# In the order of the file, and true.
	body_has '^{"web": {.*"first": {.*"db": {.*}}$'
	body_has "\"pid\": $(pid_of web 0),"
	body_has "\"pid\": $(pid_of web 1),"
	body_has '"status": 256, "exit": "exited 1"'
	body_has '"control": "once"'
	body_has '"count": 2'
	body_has '"started": "20[0-9-]*T[0-9:]*\.[0-9]\{3\}[+-][0-9:]\{5\}"'
	body_has '"uptime": [0-9]*\.[0-9]\{3\}'

	expect 200 $opt "$where/status/config"
	type_is application/json
	ends_with_newline
	body_has '^{"settings": {"http": \[{"listen": "127'
	body_has '"tasks": {"web": {"count": 2, "commands": {"start": \["'

	# By POST, and the query wins.
	expect 200 $opt -d indent=3 "$where/status/config"
	body_has '^   "settings": {$'
	expect 200 $opt -d indent=3 "$where/status/config?indent=1"
	body_has '^ "settings": {$'
	expect 200 $opt "$where/status/tasks?indent=2&fmt=json"
	body_has '^  "web": {$'
	expect 415 $opt "$where/status/tasks?fmt=xml"
	expect 415 $opt -d fmt=xml "$where/status/tasks"
	expect 400 $opt "$where/status/tasks?indent=many"

	# HEAD says what GET would.
	expect 200 $opt -I "$where/status/config"
	length=$(header Content-Length)
	type_is application/json
	[ ! -s "$T/body" ] || [ "$(wc -c <"$T/body")" -eq \
	    "$(wc -c <"$T/header")" ] || fail 'HEAD has a body'
	expect 200 $opt "$where/status/config"
	[ "$(wc -c <"$T/body")" -eq "$length" ] || fail 'HEAD lied'

	expect 200 $opt "$where/"
	type_is 'text/html; charset=utf-8'
	expect 404 $opt "$where/x"
	type_is text/plain
	ends_with_newline
	expect 404 $opt "$where/status/"
	expect 404 $opt "$where/status/nothing"
	expect 405 $opt -X DELETE "$where/status/tasks"
	[ "$(header Allow)" = 'GET, HEAD, POST' ] || fail 'Allow is missing'
	expect 405 $opt -X PUT -d x=y "$where/status/version"
	expect 501 $opt -X WHATEVER "$where/status/version"
	for p in reload stop reset control count nothing; do
		expect 403 $opt "$where/manage/$p"
		type_is text/plain
	done
	alive
done

note 'a connection is used again'
[ "$(curl -s -o /dev/null -o /dev/null -w '%{num_connects} ' \
    "http://127.0.0.1:$tcp/status/tasks" \
    "http://127.0.0.1:$tcp/status/version")" = '1 0 ' ] ||
    fail 'no keep-alive'

note 'TLS from 1.2 on, and only with forward secrecy'
expect 200 --tlsv1.2 --tls-max 1.2 "https://127.0.0.1:$tls/status/version"
expect 200 --tlsv1.3 "https://127.0.0.1:$tls/status/version"
refused()
{
	openssl s_client -connect "127.0.0.1:$tls" "$@" </dev/null \
	    >"$T/body" 2>&1
	! grep -q 'Cipher is [A-Z]' "$T/body" ||
	    grep -q 'Cipher is (NONE)' "$T/body" ||
	    fail "TLS was set up with $*"
}
refused -tls1_1 -cipher ALL:@SECLEVEL=0
refused -tls1_2 -cipher AES128-GCM-SHA256
refused -tls1_2 -cipher ECDHE-RSA-AES128-SHA

note 'what changes is shown'
kill -KILL "$(pid_of db)"
changed()
{
	request "http://127.0.0.1:$tcp/status/tasks"
	grep -q '"restarts": 1' "$T/body"
}
wait_for 5 changed

# How the process before ended stays in sight while the next one runs, even
# where a new monitor has to be told of it.
last_exit()
{
	request "http://127.0.0.1:$tcp/status/tasks"
	grep -q '"db": {.*"pid": [0-9].*"exit": "died on SIGKILL"' "$T/body"
}
wait_for 5 last_exit
kill -KILL "$(helper monitor)"
wait_for 10 last_exit

finish
