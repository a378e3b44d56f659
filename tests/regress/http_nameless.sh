# A listener whose name nobody knows is no error of the file, at the start or
# later: the others serve, and status says so until a load finds the name.
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

a=$(free_port)
b=$(free_port)
# config NAME: the host of the second listener.
config()
{
	conf <<CONF
settings:
  http:
  - { listen: "127.0.0.1:$a" }
  - { listen: "$1:$b" }
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
}
serves()
{
	request "http://127.0.0.1:$1/status/version"
	[ "$code" = 200 ]
}

# An address of an interface that is not there: no name server is asked.
config '[::1%nosuchif]'
daemon
wait_for 10 runs web
wait_for 10 serves "$a"
wait_for 10 logged 'listen.*nosuchif.*no such listener'
ctl status >"$T/out" || fail "status: $?"
grep "^http .*nosuchif.*:$b is not served: its name was not found;" "$T/out" |
    grep -q reload || fail "status: $(cat "$T/out")"

config 127.0.0.1
wait_for 10 serves "$b"
ctl status | grep -q 'not served' && fail "status: $(ctl status)"
serves "$a" || fail "the other: $code"
finish
