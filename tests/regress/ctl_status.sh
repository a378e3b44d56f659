# taskforcectl status: the table, the detail, columns for scripts, JSON; tasks
# by name, pattern, role and slot; the exit status of each.
. "${0%/*}/lib.sh"

says()
{
	grep -qE -- "$2" "$T/$1" || fail "no '$2' in: $(cat "$T/$1")"
}

# status_is STATUS ARGUMENT ...: ctl exits so; its output is in out and err.
status_is()
{
	want=$1
	shift
	ctl "$@" >"$T/out" 2>"$T/err"
	code=$?
	[ $code -eq "$want" ] ||
	    fail "$code instead of $want: taskforcectl $*: $(cat "$T/err")"
}

conf <<CONF
tasks:
  web:
    roles: [front]
    count: 3
    commands: { start: ["$TASK"] }
  app:
    requires: never
    commands: { start: ["$TASK"] }
  never:
    control: once
    roles: [front]
    commands: { start: ["$TASK"] }
  other:
    roles: [back]
    commands: { start: ["$TASK"] }
CONF
printf 'front=1\n# no role\n' >"$T/roles"
daemon
wait_for 10 is running web 3
wait_for 10 runs never
wait_for 10 settled

status_is 0 status
says out '^TASK +STATE +RUN +PIDS +UPTIME +RESTARTS +ROLES +NOTE$'
says out '^web +running +3/3 +[0-9]+,[0-9]+,[0-9]+ .* front$'
says out '^app +waiting +0/1 .*waits-for: never'
says out '^other +off +0/1 .*not-in-role$'
says out "^taskforced [0-9.]+, pid $DPID, up [0-9.]+s: .* roles: front; "
says out 'configuration 1 of [0-9:]+ in force$'
grep -q "$(printf '\033')" "$T/out" && fail 'colour without a terminal'

ctl -p status >"$T/out" || fail "-p: status $?"
[ "$(cut -f 1 "$T/out" | tr '\n' ' ')" = 'web app never other ' ] ||
    fail "not in file order: $(cat "$T/out")"
awk -F '\t' 'NF != 10 { exit 1 }' "$T/out" || fail 'not ten columns'
[ "$(column pids web)" = "$(pid_of web 0),$(pid_of web 1),$(pid_of web 2)" ] ||
    fail "pids: $(column pids web)"

status_is 0 status 'w*' @back
says out '^web: running'
says out '^other: off'
grep -q '^app' "$T/out" && fail 'shows what was not asked for'
status_is 0 status web:1
says out " $(pid_of web 1) "
grep -q " $(pid_of web 0) " "$T/out" && fail 'shows another slot'
status_is 4 status nosuch
[ ! -s "$T/out" ] || fail 'output for no such task'
says err 'nosuch'
status_is 4 status web nosuch
status_is 4 status 'x*'
status_is 4 status @nosuch
status_is 4 status web:3
says err 'web:3: no such slot'
status_is 2 status web:x

# A slot that is held, of a task that runs.
status_is 0 stop web:2
status_is 0 status
says out '^web +running +2/3 .* held-by-operator: 1 slot$'
status_is 0 status web
says out '^ +2 +- .* held; '
status_is 0 why web:2
says out '^web:2: does not run; held; '
says out 'taskforcectl start web:2$'
status_is 0 start web:2
status_is 0 status web
grep -q held "$T/out" && fail 'still held'
wait_for 10 runs web 2

# What runs, and what does not.
status_is 0 -q status web
status_is 0 status -q web:0
status_is 3 -q status app
status_is 3 -q status all
status_is 3 -q status
status_is 4 -q status nosuch
[ ! -s "$T/out" ] && [ ! -s "$T/err" ] || fail '-q is not quiet'

if command -v python3 >/dev/null; then
	ctl -j status >"$T/out" || fail "-j: status $?"
	python3 - "$T/out" "$(pid_of web 2)" <<'PY' ||
import json, sys
d = json.load(open(sys.argv[1]))
assert list(d["tasks"]) == ["web", "app", "never", "other"], d["tasks"]
web = d["tasks"]["web"]
assert web["state"] == "running" and web["count"] == 3
assert web["processes"][2]["pid"] == int(sys.argv[2])
assert web["processes"][2]["instance"] == 2
assert d["tasks"]["app"]["reason"] == "waits-for"
assert d["tasks"]["other"]["in_scope"] is False
assert d["daemon"]["roles"] == ["front"]
assert d["daemon"]["configuration"]["ok"] is True
PY
	    fail "-j: $(cat "$T/out")"
fi

status_is 0 version
says out '^taskforcectl [0-9.]+$'
says out '^taskforced [0-9.]+$'
says out '^monitor [0-9.]+$'
finish
