# testssl.sh finds nothing bad about protocols, ciphers, forward secrecy and
# the server's defaults.
# deadline: 300
# once
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

command -v testssl >/dev/null || skip 'no testssl'

certificate "$T/one.pem" localhost
stand '' -n 3 -t 30000 -h 600 -l "0:0=$T/one.pem"
HOME=$T timeout 240 testssl --quiet --color 0 --warnings off --ip one \
    -p -s -f --severity MEDIUM --jsonfile "$T/found.json" \
    "127.0.0.1:$(port_of 0)" >"$T/testssl.out" 2>&1
[ -s "$T/found.json" ] || {
	tail -n 20 "$T/testssl.out"
	fail 'testssl.sh did not run'
}
grep -q 'TLS 1.3.*offered' "$T/testssl.out" || {
	cat "$T/testssl.out"
	fail 'TLS 1.3 was not found'
}
if grep -E '"severity" *: *"(MEDIUM|HIGH|CRITICAL)"' "$T/found.json"; then
	cat "$T/testssl.out"
	fail 'testssl.sh has something to say'
fi
stand_ends
exit 0
