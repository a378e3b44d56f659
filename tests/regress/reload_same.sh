# What counts is what a process was started with, as resolved: the same
# written in another way touches nothing, and each thing that only steers
# takes effect without touching a process.
. "${0%/*}/lib.sh"

# say WHAT: standard input is the configuration; nothing may be touched.
say()
{
	conf
	ctl reload >"$T/out" 2>&1 || fail "$1: $(cat "$T/out")"
	grep -q '^.*not supported\|unknown key' "$T/out" && cat "$T/out"
	watch_for 1 same_snapshot "$before"
	note "$1: nothing is touched"
}

conf <<CONF
defines: { top: 1, other: x }
tasks:
  web:
    count: 2
    cwd: "$T"
    procname: web-{Task_instance}
    defines: { port: "1{Task_instance}" }
    commands: { start: ["$TASK", "-s", "{port}"] }
  db: { commands: { start: ["$TASK"] } }
CONF
printf 'front=1\n' >"$T/roles"
daemon
wait_for 10 runs web 0
wait_for 10 runs web 1
wait_for 10 runs db
before=$(snapshot)

say 'block style, quotes, comments, another order' <<CONF
# a comment
tasks:
  db:
    commands:
      start:
        - $TASK
  web:
    commands:
      start: [ '$TASK', [ -s ], {Task_name: '{port}'} ]
    procname: 'web-{Task_instance}'
    cwd: $T
    count: 0x2
    defines:
      port: '1{Task_instance}'
defines: { other: 'x', top: "1" }
CONF

say 'defines elsewhere, by anchors, conditions and other names' <<CONF
defines: { <<: &d { top: 1 }, other: { HOME: x }, hidden: ~ }
defaults: { top: not used }
role_defines: { back: { other: not active } }
tasks:
  web:
    count: 2
    cwd: { NOPE: /nowhere, top: "$T" }
    procname: "{Task_name}-{Task_instance}"
    role_defines: { front: { port: "1{Task_instance}" } }
    commands: { start: ["$TASK", { top: -s }, "{port}"] }
  db: { defines: *d, commands: { start: ["$TASK"] } }
CONF

say 'what only steers' <<CONF
settings: { settle: 0.2, all_roles: true, package_locks: [ "$T/lock" ] }
defines: { top: 1, other: x }
tasks:
  web:
    count: 2
    cwd: "$T"
    procname: web-{Task_instance}
    defines: { port: "1{Task_instance}" }
    commands:
      start: ["$TASK", "-s", "{port}"]
      stop: [/bin/kill, "{Task_pid}"]
      extra: [/bin/true]
    requires: db
    roles: front
    start_delay: 0.5
    stop_timeout: 2
    check_interval: 7
    events: [{ type: restart, signal: TERM },
             { type: file_change, path: "$T/watched", command: extra }]
    onexit: { type: start, task: job }
  db: { commands: { start: ["$TASK"] } }
  job: { control: event, commands: { start: ["$TASK"] } }
CONF

# And one word of the environment more is something else.
old=$(pid_of web 1)
db=$(pid_of db)
conf <<CONF
defines: { top: 1, other: x }
tasks:
  web:
    count: 2
    cwd: "$T"
    procname: web-{Task_instance}
    defines: { port: "1{Task_instance}", more: "" }
    commands: { start: ["$TASK", "-s", "{port}"] }
  db: { commands: { start: ["$TASK"] } }
CONF
ctl reload >"$T/out" 2>&1 || fail "reload: $(cat "$T/out")"
wait_for 20 restarted web 1 "$old"
[ "$(pid_of db)" = "$db" ] || fail 'db was touched'
finish
