# deadline: 120
# The main job: Debian's sshd, nginx and redis-server kept in the foreground,
# from a configuration shaped like the seed's quick example.  All three serve;
# a kill -9 of any brings it back with the others untouched; an edit of nginx's
# command restarts nginx alone.
. "${0%/*}/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
for prog in sshd nginx redis-server redis-cli ssh-keygen ssh-keyscan curl; do
	command -v $prog >/dev/null || skip "no $prog"
done

ssh_port=$(free_port 1)
web_port=$(free_port 2)
redis_port=$(free_port 3)

mkdir -p "$T/ssh" "$T/www" "$T/nginx" "$T/redis"
ssh-keygen -q -t ed25519 -N '' -f "$T/ssh/hostkey" || fail ssh-keygen
cat >"$T/ssh/config" <<CONF
Port $ssh_port
ListenAddress 127.0.0.1
HostKey $T/ssh/hostkey
PidFile none
UsePAM no
StrictModes no
CONF
if [ $ROOT = yes ]; then
	# What Debian's own unit does before sshd starts.
	mkdir -p -m 755 /run/sshd
	nginx_user="user nobody $(id -gn nobody);"
else
	nginx_user=
fi
echo 'it serves' >"$T/www/index.html"
cat >"$T/nginx/nginx.conf" <<CONF
$nginx_user
worker_processes 1;
pid $T/nginx/pid;
error_log stderr;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path $T/nginx/body;
	proxy_temp_path $T/nginx/proxy;
	fastcgi_temp_path $T/nginx/fastcgi;
	uwsgi_temp_path $T/nginx/uwsgi;
	scgi_temp_path $T/nginx/scgi;
	server { listen 127.0.0.1:$web_port; root $T/www; }
}
CONF

write()
{
	conf <<CONF
{
    "tasks": {
        "sshd": {
            "control": "wait",
            "commands": { "start": [ "$(command -v sshd)", "-D", "-e",
                "-f", "$T/ssh/config" ] }
        },
        "nginx": {
            "control": "wait",
            "requires": "sshd",
            "defines": { "conf": "$T/nginx/nginx.conf" },
            "commands": { "start": [ "$(command -v nginx)", "-c", "{conf}",
                "-e", "stderr", "-g", "daemon off;$1" ] }
        },
        "redis": {
            "control": "wait",
            "requires": [ "sshd" ],
            "cwd": "$T/redis",
            "commands": { "start": [ "$(command -v redis-server)",
                "--port", "$redis_port", "--bind", "127.0.0.1",
                "--save", "", "--appendonly", "no" ] }
        }
    }
}
CONF
}

ssh_serves()
{
	ssh-keyscan -T 2 -t ed25519 -p "$ssh_port" 127.0.0.1 2>/dev/null |
	    grep -qF "$(cut -d ' ' -f 2 "$T/ssh/hostkey.pub")"
}
nginx_serves()
{
	curl -sf -m 2 "http://127.0.0.1:$web_port/" | grep -qx 'it serves'
}
redis_serves()
{
	[ "$(redis-cli -h 127.0.0.1 -p "$redis_port" ping \
	    2>/dev/null)" = PONG ]
}
all_serve()
{
	ssh_serves && nginx_serves && redis_serves
}

pids()
{
	ctl -p status | cut -f 1,5
}

other_pids()
{
	pids | grep -v "^$1	"
}

new_pid()
{
	p=$(column pids "$1") && [ "$p" != "$2" ] && [ "$p" != - ]
}

write ''
daemon
wait_for 20 all_serve
[ "$(ctl -p status | cut -f 2 | sort -u)" = running ] || fail "$(ctl status)"

for t in sshd nginx redis; do
	before=$(other_pids $t)
	old=$(column pids $t)
	kill -KILL "$old"
	wait_for 10 new_pid $t "$old"
	wait_for 20 all_serve
	[ "$(other_pids $t)" = "$before" ] || fail "killing $t touched others"
done
# Not its old workers answer: the new one got the port, at the first go.
[ "$(cat "$T/nginx/pid")" = "$(column pids nginx)" ] ||
    fail 'nginx is not the one that was started last'
[ "$(column restarts nginx)" = 1 ] || fail "$(ctl status)"
note 'each came back alone'

before=$(other_pids nginx)
old=$(column pids nginx)
write ' worker_priority 1;'
ctl reload >/dev/null || fail "reload: status $?"
wait_for 10 new_pid nginx "$old"
wait_for 20 all_serve
[ "$(other_pids nginx)" = "$before" ] || fail 'the edit touched others'
tr '\0' ' ' <"/proc/$(column pids nginx)/cmdline" | grep -q nginx ||
    fail 'that is no nginx'
note 'the edit restarted nginx alone'

stop_daemon
all_gone()
{
	! ssh_serves && ! nginx_serves && ! redis_serves
}
wait_for 5 all_gone
exit 0
