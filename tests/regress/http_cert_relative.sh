# A relative path of a certificate is one below the directory that the daemon
# was started in, and is followed for change like any other.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

mkdir -p "$T/etc/tls"
certificate "$T/etc/tls/one.pem" first
port=$(free_port)
conf <<CONF
settings:
  http: { listen: "127.0.0.1:$port", certfile: tls/one.pem }
tasks: {}
CONF
cd "$T/etc" || fail 'cd'
daemon
cd / || fail 'cd'

# served_by NAME: the certificate in use is that of NAME.
served_by()
{
	curl -s -k -v -m 2 -o /dev/null "https://127.0.0.1:$port/healthz" \
	    2>&1 | grep -q "subject: CN=$1\$"
}
wait_for 10 served_by first
certificate "$T/two.pem" second
mv "$T/two.pem" "$T/etc/tls/one.pem"
wait_for 10 served_by second
finish
