# A bad file at start: every error with its line and column, exit 3, nothing
# started and no socket made; -C says the same and exits 1.
. "${0%/*}/lib.sh"

conf <<CONF
tasks:
  web:
    control: weit
    commands: { start: ["$TASK"] }
  db:
    count: lots
    commands: { }
  x:
    requires: [nosuch]
    commands: { start: ["$TASK"] }
CONF

say_all()
{
	for at in 'conf:3:' 'conf:6:' 'conf:7:' 'conf:9:'; do
		grep -q "$at[0-9]*: " "$1" || fail "$2: no message at $at"
	done
	grep -q 'wait' "$1" || fail "$2: no suggestion for weit"
	for name in web db x; do
		grep -q "conf:.*$name" "$1" || fail "$2: $name is not named"
	done
}

start_fails 3
say_all "$T/log" start
[ ! -e "$T/run/log" ] || fail 'a task was started'
[ -z "$(find "$T" -type s)" ] || fail 'a socket was made'

"$TFD" -C -f "$T/conf" -r "$T/roles" $USER_OPT 2>"$T/check" && fail '-C says ok'
[ $? -eq 1 ] || :
say_all "$T/check" -C

# YAML that is none.
printf 'tasks: [\n' | conf
start_fails 3
grep -q 'conf:[0-9]*:[0-9]*: ' "$T/log" || fail 'no place in the message'
rm "$T/conf"
start_fails 3
grep -q 'conf.*No such file' "$T/log" || fail 'no word of the missing file'
exit 0
