# 2,000 connections that misbehave, of each kind: honest clients are served
# within a second, memory is bounded, and no descriptor stays behind.
# deadline: 240
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

LOAD=$TOP/out/tests/http_load
N=2000
MEMORY=65536		# KiB, of an httpd
PATIENCE=1		# seconds

hard=$(ulimit -H -n)
if [ "$hard" != unlimited ] && [ "$hard" -lt $((2 * N)) ]; then
	skip "no more than $hard descriptors"
fi
# A sanitizer's shadow is memory, too.
grep -q '^#define SANITIZERS 1' "$TOP/config.h" && MEMORY=

# A key of RSA makes a flood of handshakes thrice as much work: room.c.
curve_certificate "$T/cert.pem" localhost
stand '' -n 100 -l 0:0 -l "1:0=$T/cert.pem" -l "2:$T/http" \
    -l "3:$T/https=$T/cert.pem"
tcp=$(port_of 0)
tls=$(port_of 1)
httpd=$(helper httpd "$STANDPID")

descriptors()
{
	ls "/proc/$httpd/fd" | wc -l
}

few_descriptors()
{
	[ "$(descriptors)" -le "$before" ]
}

# The most that it ever had.
memory()
{
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB$/\1/p' "/proc/$httpd/status"
}

# honest [curl option ...] URL: is served, and whether in time.  Not to be
# served at all is as bad as late, and as little httpd's fault if the machine
# lets curl wait between its connection and its request: see room.c.
honest()
{
	code=$(curl -s -k -m 30 -o "$T/body" -w '%{http_code} %{time_total}' \
	    "$@") || :
	[ "${code%% *}" = 200 ] || {
		note "status and seconds: $code, beside $kind: $*"
		code='000 99'
	}
	slowest=$(echo "$code $slowest" |
	    awk '{ print ($2 > $3) ? $2 : $3 }')
}

# Starts an attack, and waits until all of it is connected.
start_load()
{
	: >"$T/load"
	"$LOAD" -n $N -s 200 "$@" >>"$T/load" 2>&1 &
	load=$!
	started="$started $load"
	wait_for 30 opened
	grep -q '^up$' "$T/load" || {
		cat "$T/load"
		fail "$kind: not all could connect"
	}
}

opened()
{
	grep -q '^up$' "$T/load" || gone "$load"
}

soon()
{
	echo "$slowest" |
	    awk -v max=$((PATIENCE * TESTS_SLOW)) '{ exit !($1 < max) }'
}

# attack KIND ADDRESS [curl option ...] URL.  What else keeps the machine
# busy is no fault of httpd: what was too slow is measured again.
attack()
{
	for try in 1 2 3; do
		attack_once "$@"
		soon && return
	done
	fail "$kind: an honest client waited for $slowest s"
}

attack_once()
{
	kind=$1
	address=$2
	shift 2
	slowest=0
	start_load "$kind" "$address"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		honest "$@"
	done
	kill -TERM "$load"
	wait "$load" || fail "$kind: the attack broke off"
	note "$kind $address: slowest $slowest s, memory $(memory) KiB," \
	    "$(tail -n 1 "$T/load")"
	[ -z "$MEMORY" ] || [ "$(memory)" -le $MEMORY ] ||
	    fail "$kind: $(memory) KiB of memory"
	wait_for 20 few_descriptors
}

path=/status/tasks
expect 200 "http://127.0.0.1:$tcp$path"
expect 200 "https://127.0.0.1:$tls$path"
if [ -r "/proc/$httpd/fd" ]; then
	before=$(($(descriptors) + 1))
else
	note 'its descriptors cannot be counted'
	few_descriptors() { :; }
fi

note 'requests in two pieces'
"$LOAD" -c "$tcp"
"$LOAD" -c "$T/http"

for kind in ${TF_LOAD:-drip silent unread pipeline garbage chunked body \
    paths headers}; do
	attack "$kind" "$tcp" "http://127.0.0.1:$tcp$path"
done
for kind in ${TF_LOAD:-drip unread body}; do
	attack "$kind" "$T/http" --unix-socket "$T/http" "http://localhost$path"
done
for kind in ${TF_LOAD_TLS:-half drip}; do
	attack "$kind" "$tls" "https://127.0.0.1:$tls$path"
done
# Each of them gets its signature first, on whatever machine this is.
PATIENCE=5
attack hello "$tls" "https://127.0.0.1:$tls$path"
PATIENCE=1
attack half "$T/https" --unix-socket "$T/https" "https://localhost$path"

note 'one listener under attack, the others are none the slower'
start_load drip "$tcp"
kind='drip on another listener'
slowest=0
honest "https://127.0.0.1:$tls$path"
honest --unix-socket "$T/http" "http://localhost$path"
soon || fail "an honest client waited for $slowest s"
kill -TERM "$load"
wait "$load"
wait_for 20 few_descriptors
stand_ends
exit 0
