# taskforced -n -v prints what the configuration comes to, each value with
# where it is from; nothing is started, no socket is opened.
. "${0%/*}/lib.sh"

conf <<CONF
defines: { port: 80 }
role_defines:
  front: { greeting: hello }
tasks:
  web:
    roles: front
    cwd: "$T"
    commands:
      start: ["$TASK", "{port}", "{greeting}", "{Task_instance}"]
  db:
    roles: back
    commands: { start: ["$TASK"] }
CONF
echo front >"$T/roles"

explain()
{
	"$TFD" "$@" -f "$T/conf" -r "$T/roles" -p "$T/pid" -s "$T/sock" \
	    $USER_OPT >"$T/out" 2>"$T/err"
}
has()
{
	grep -qxF -- "$1" "$T/out" || fail "no line '$1'"
}
tab='	'

for opts in '-n -v' -nv '-C -v' '--check-config --verbose'; do
	# shellcheck disable=SC2086	# options are words
	explain $opts || fail "$opts: $?: $(cat "$T/err")"
	cat "$T/out"
	has 'roles any # default'
	has "role front # $T/roles:1"
	has "task web # $T/conf:5"
	has "${tab}role front # $T/conf:6"
	has "${tab}control wait # default"
	has "${tab}cwd \"$T\" # $T/conf:7"
	words="\"$TASK\" \"80\" \"hello\" \"{Task_instance}\""
	has "${tab}command start $words # $T/conf:9"
	has "${tab}env port=\"80\" # top-level defines, $T/conf:1"
	map='top-level role_defines of front'
	has "${tab}env greeting=\"hello\" # $map, $T/conf:3"
	has "${tab}env Task_name=\"web\" # built-in"
	has "task db # $T/conf:10"
	has "${tab}out of scope: not-in-role # $T/conf:11"
	[ "$(grep -c '^task ' "$T/out")" -eq 2 ] || fail 'not two tasks'
	[ "$(grep -vc ' # ' "$T/out")" -eq 0 ] || fail 'a line without origin'
done

explain -n || fail "-n: $?"
[ ! -s "$T/out" ] || fail '-n alone prints something'

# What cannot be written has not been shown, however long it is.
if [ -c /dev/full ]; then
	for n in 1 400; do
		{
			echo tasks:
			awk -v n=$n -v t="$TASK" 'BEGIN {
				for (i = 0; i < n; i++) printf("  t%d: " \
				    "{ commands: { start: [%s] } }\n", i, t)
			}'
		} | conf
		status=0
		"$TFD" -nv -f "$T/conf" -r "$T/roles" $USER_OPT \
		    >/dev/full 2>"$T/err" || status=$?
		[ $status -eq 1 ] || fail "$n tasks, unwritten: status $status"
		grep -q 'No space left' "$T/err" || fail "$n: $(cat "$T/err")"
	done
fi

# What this host lacks is an error of the check, and no reason not to show
# what the configuration comes to.
echo "tasks: { web: { cwd: $T/none, commands: { start: [$TASK] } } }" | conf
explain -nv && fail 'a missing directory is fine'
grep -q "conf:1:.*task web: chdir $T/none: No such" "$T/err" ||
    fail "errors: $(cat "$T/err")"
has "task web # $T/conf:1"
has "${tab}cwd \"$T/none\" # $T/conf:1"
has "${tab}command start \"$TASK\" # $T/conf:1"

# So it is with an address that this host does not have, while one that
# nobody has is an error of the file.
conf <<CONF
settings: { http: [ { listen: "[::1%nosuchif]:80" } ] }
tasks: { web: { commands: { start: [$TASK] } } }
CONF
explain -nv && fail 'an unknown address is fine'
grep -q 'conf:1:31: .listen. is .*: no such listener' "$T/err" ||
    fail "errors: $(cat "$T/err")"
has "task web # $T/conf:2"
sed 's/%nosuchif//; s/:80/:http/' "$T/conf" >"$T/conf2"
mv "$T/conf2" "$T/conf"
explain -nv && fail 'a bad address is fine'
grep -q 'conf:1:31: .listen. is .*: the port must be' "$T/err" ||
    fail "errors: $(cat "$T/err")"
[ ! -s "$T/out" ] || fail "a bad address is printed"

# What is wrong is said on standard error; then there is no plan to print.
echo 'tasks: { web: { commands: {} } }' | conf
explain -nv && fail 'a bad configuration is fine'
grep -q "^.*$T/conf:1:27: task web: commands.start is missing" "$T/err" ||
    fail "errors: $(cat "$T/err")"
[ ! -s "$T/out" ] || fail "a bad configuration is printed"
[ ! -e "$T/pid" ] && [ ! -e "$T/sock" ] && [ ! -e "$RUNDIR/log" ] ||
    fail 'a check left something behind'
exit 0
