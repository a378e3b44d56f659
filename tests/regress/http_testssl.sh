# testssl.sh finds nothing worse than that there is no HSTS on a private
# service.  All its checks take minutes: where other tests run beside, it
# looks only at protocols, ciphers and forward secrecy.
# deadline: 600
# once
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

command -v testssl >/dev/null || skip 'no testssl'
command -v openssl >/dev/null || skip 'no openssl'

# Of an authority, as a private service has it.
curve='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
# shellcheck disable=SC2086
openssl req -x509 $curve -days 365 -subj '/CN=An authority' \
    -keyout "$T/ca.key" -out "$T/ca.crt" \
    -addext 'basicConstraints=critical,CA:TRUE' 2>/dev/null &&
    openssl req $curve -subj /CN=localhost -keyout "$T/key" -out "$T/csr" \
    2>/dev/null || fail 'openssl made no keys'
cat >"$T/ext" <<EXT
subjectAltName=DNS:localhost
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
EXT
openssl x509 -req -in "$T/csr" -CA "$T/ca.crt" -CAkey "$T/ca.key" \
    -CAcreateserial -days 90 -extfile "$T/ext" -out "$T/crt" 2>/dev/null ||
    fail 'openssl made no certificate'
cat "$T/key" "$T/crt" "$T/ca.crt" >"$T/pem"
chmod 600 "$T/pem"

only=
[ -z "${TESTS_BUSY:-}" ] || only='-p -s -f'
stand '' -n 3 -t 30000 -l "0:0=$T/pem"
# shellcheck disable=SC2086
HOME=$T timeout 560 testssl --quiet --color 0 --warnings off --ip one \
    --add-ca "$T/ca.crt" $only --severity LOW --jsonfile "$T/found.json" \
    "localhost:$(port_of 0)/" >"$T/testssl.out" 2>&1
grep -q 'TLS 1.3.*offered' "$T/testssl.out" || {
	tail -n 40 "$T/testssl.out"
	fail 'testssl.sh did not run, or found no TLS 1.3'
}
[ -n "$only" ] || grep -q ' Done ' "$T/testssl.out" ||
    fail 'testssl.sh did not come to its end'

# What it finds, an id and how bad it is a line; that this authority cannot
# revoke, and that no DNS record names it, is not what httpd does.
tr -d '\n' <"$T/found.json" | sed 's/}/}\
/g' | sed -n 's/.*"id" *: *"\([^"]*\)".*"severity" *: *"\([A-Z]*\)".*/\1 \2/p' |
    grep -v -e '^engine_problem ' -e '^cert_revocation ' \
    -e '^DNS_CAArecord ' -e '^HSTS LOW$' \
    -e ' INFO$' -e ' OK$' >"$T/findings" || :
if [ -s "$T/findings" ]; then
	cat "$T/findings"
	cat "$T/testssl.out"
	fail 'testssl.sh has something to say'
fi
[ -n "$only" ] || grep -q '"HSTS"' "$T/found.json" ||
    fail 'nothing about HSTS: the findings were not read'
stand_ends
exit 0
