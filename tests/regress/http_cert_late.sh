# A TLS listener whose certificate is not there yet: it is not open, the
# others serve, and it serves soon after the file appears.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

tcp=$(free_port)
tls=$(free_port)
conf <<CONF
settings:
  http:
    - listen: 127.0.0.1:$tcp
    - { listen: "127.0.0.1:$tls", certfile: "$T/cert.pem" }
tasks:
  web: { commands: { start: ["$TASK"] } }
CONF
daemon

serves()
{
	curl -s -k -m 2 -o /dev/null "$1/status/version"
}
wait_for 10 serves "http://127.0.0.1:$tcp"
wait_for 10 logged 'cert.pem: No such file or directory; trying again'
curl -s -k -m 15 -o /dev/null "https://127.0.0.1:$tls/"
[ $? -eq 7 ] || fail 'the listener without a certificate is not refused'

certificate "$T/cert.pem" localhost
wait_for 20 serves "https://127.0.0.1:$tls"
wait_for 10 serves "http://127.0.0.1:$tcp"

# And then it is left in peace.
pid=$(helper httpd)
watch_for 6 lives "$pid"
exit 0
