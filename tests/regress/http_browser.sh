# The page in a real browser, Debian's chromium: it shows the tasks, follows
# what happens, its buttons work, its policy holds, nothing in the console.
# Pictures of it are kept in out/shots.
# deadline: 240
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

CHROMIUM=$(command -v chromium) || skip 'no chromium'
command -v node >/dev/null || skip 'no node'
export CHROMIUM HOME="$T"
drive=${TF_BROWSER:-$TOP/out/browser}
if [ ! -d "$drive/node_modules/playwright-core" ]; then
	[ -w "$TOP/out" ] || drive=$T/browser
	command -v npm >/dev/null || skip 'no npm'
	sh "$TOP/tests/browser/install" "$drive" ||
	    skip 'playwright-core cannot be installed'
fi
PLAYWRIGHT=$drive/node_modules/playwright-core
export PLAYWRIGHT
shots=${TF_SHOTS:-$TOP/out/shots}
mkdir -p "$shots" 2>/dev/null && [ -w "$shots" ] || shots=$T

port=$(free_port)
echo frontend >"$T/roles"
conf <<CONF
settings:
  http: { listen: "127.0.0.1:$port", allow_control: true }
tasks:
  sys_conf: { control: once, commands: { start: [/bin/true] } }
  ntpd: { requires: sys_conf, commands: { start: ["$TASK"] } }
  sshd: { requires: sys_conf, commands: { start: ["$TASK"] } }
  db_server: { requires: sys_conf, commands: { start: ["$TASK"] } }
  ws_server:
    requires: [db_server, ntpd]
    count: 4
    commands: { start: ["$TASK"] }
  mailer: { requires: db_server, control: event, commands: { start: [x] } }
  crasher: { requires: ws_server, commands: { start: [/bin/false] } }
  report: { control: suspend, commands: { start: ["$TASK"] } }
  lonely: { roles: nowhere, commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 10 is state ws_server running
served()
{
	request "http://127.0.0.1:$port/"
	[ "$code" = 200 ]
}
wait_for 10 served

timeout 200 node "$TOP/tests/browser/page.js" "http://127.0.0.1:$port/" \
    "$shots" || fail 'the browser does not agree'
alive
no_crash
exit 0
