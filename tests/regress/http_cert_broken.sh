# A certificate file that breaks off in the middle of its chain is not taken
# for one with a shorter chain, which clients would not trust: the one from
# before stays.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

certificate "$T/cert.pem" first
port=$(free_port)
conf <<CONF
settings:
  http: { listen: "127.0.0.1:$port", certfile: "$T/cert.pem" }
tasks: {}
CONF
daemon

# served_by NAME: the certificate in use is that of NAME.
served_by()
{
	curl -s -k -v -m 15 -o /dev/null "https://127.0.0.1:$port/healthz" \
	    2>&1 | grep -q "subject: CN=$1\$"
}
wait_for 10 served_by first

curve_certificate "$T/ca.pem" authority
curve_certificate "$T/two.pem" second
{
	cat "$T/two.pem"
	echo '-----BEGIN CERTIFICATE-----'
	echo 'MIIBfTCCASOgAwIBAgI*'
	echo '-----END CERTIFICATE-----'
} >"$T/three.pem"
chmod 600 "$T/three.pem"
mv "$T/three.pem" "$T/cert.pem"
wait_for 10 logged 'certfile: certificate: .*; the one from before stays'
watch_for 1 served_by first

# The end of the last one is missing.
{
	cat "$T/two.pem"
	head -n 3 "$T/ca.pem.crt"
} >"$T/three.pem"
chmod 600 "$T/three.pem"
mv "$T/three.pem" "$T/cert.pem"
stays_twice()
{
	[ "$(grep -c 'certfile: .*the one from before stays' "$T/log")" -ge 2 ]
}
wait_for 10 stays_twice
watch_for 1 served_by first

# Whole, and text between them does no harm.
{
	cat "$T/two.pem"
	echo 'This is who signed it:'
	cat "$T/ca.pem.crt"
	echo 'That is all.'
} >"$T/three.pem"
chmod 600 "$T/three.pem"
mv "$T/three.pem" "$T/cert.pem"
wait_for 10 served_by second
finish
