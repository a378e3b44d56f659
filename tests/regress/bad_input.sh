# deadline: 240
# Whatever stands where the configuration or the roles file should be, at the
# start and at a reload: a clear message, in bounded time and memory, and
# running tasks are not touched; status shows the failure until a load
# succeeds.
. "${0%/*}/lib.sh"

mkdir "$T/in"
good="tasks: { web: { count: 2, commands: { start: [\"$TASK\"] } } }"

# Address space for all of it; the sanitizers want more than that to begin
# with.
(ulimit -v 1500000 && "$TFD" -V) >/dev/null 2>&1 && ulimit -v 1500000

# --- what is bad: files in $T/in, and what must be said of each --------

# bad NAME 'pattern': standard input is such a configuration.
bad()
{
	cat >"$T/in/$1"
	echo "$2" >"$T/in/$1.says"
}
levels()
{
	awk -v n="$1" 'BEGIN { printf "tasks: {}\nx: "
	    for (i = 1; i < n; i++) printf "["
	    for (i = 1; i < n; i++) printf "]"
	    print "" }'
}
bytes()
{
	awk -v n="$1" 'BEGIN { l = sprintf("%1023s", ""); gsub(" ", "#", l)
	    print "tasks: {}"; n -= 10
	    for (; n >= 1024; n -= 1024) print l
	    if (n > 0) print substr(l, 1, n - 1) }'
}

printf 'tasks: {}\n# a\000b\n' |
    bad nul 'conf:2:4: a control character .*(0x00)'
printf 'tasks: {}\n# \377\n' | bad utf8 'conf:2:3: .*UTF-8'
printf 'tasks: {}\n# \033[2J\n' |
    bad control 'conf:2:3: a control character .*(0x1b)'
awk 'BEGIN { print "tasks: {}"; print "a0: &a0 [x, x, x, x, x, x, x, x, x]"
    for (i = 1; i < 9; i++) { printf "a%d: &a%d [", i, i
    for (j = 0; j < 9; j++) printf "*a%d, ", i - 1; print "]" } }' |
    bad bomb 'conf:[0-9]*:[0-9]*: .*aliases add more than 100000 nodes'
levels 65 | bad levels65 'conf:2:[0-9]*: .*more than 64 levels'
levels 200000 | bad levels 'conf:2:[0-9]*: .*more than 64 levels'
awk 'BEGIN { printf "tasks: {}\nx: ["; for (i = 0; i < 2000000; i++)
    printf "1,"; print "]" }' |
    bad nodes 'conf:[0-9]*:[0-9]*: .*more than 2000000 nodes'
bytes 16777217 | bad large 'conf:[0-9]*:[0-9]*: .*larger than 16777216 bytes'
: | bad empty "conf:1:1: .*the file is empty: 'tasks' is missing"
printf 'tasks: {\n' | bad cut 'conf:2:1: '
if truncate -s 1G "$T/in/sparse" 2>/dev/null; then
	echo 'conf:1:1: .*larger than 16777216 bytes' >"$T/in/sparse.says"
fi

# What is no file at all is made in place.
odd='directory fifo socket missing device'
[ $ROOT = yes ] || odd="$odd unreadable"
says_odd()
{
	case $1 in
	directory)	echo 'is a directory' ;;
	fifo)		echo 'not a regular file' ;;
	socket)		echo 'not a regular file' ;;
	device)		echo 'not a regular file' ;;
	missing)	echo 'No such file or directory' ;;
	unreadable)	echo 'Permission denied' ;;
	esac
}
# place KIND PATH
place()
{
	rm -rf "$2"
	case $1 in
	directory)	mkdir "$2" ;;
	fifo)		mkfifo "$2" ;;
	device)		ln -s /dev/zero "$2" ;;
	missing)	;;
	unreadable)	echo "$good" >"$2"; chmod 0 "$2" ;;
	socket)		"$TFD" -e -p - -s "$2" -f "$T/empty" -r "$T/none" \
			    $USER_OPT >/dev/null 2>&1 &
			d=$!
			started="$started $d"
			wait_for 20 test -S "$2"
			# What it leaves behind is a socket all the same.
			kill -KILL "$d"
			wait_for 10 gone "$d" ;;
	esac
}
echo 'tasks: {}' >"$T/empty"

# quick COMMAND ...: its status, and it must come to an end soon.
quick()
{
	t0=$(now_ms)
	"$@"
	status=$?
	ms=$(($(now_ms) - t0))
	[ $ms -le $((20000 * TESTS_SLOW)) ] || fail "$ms ms for $*"
	return $status
}

# --- as the configuration, at the start --------------------------------

# refused NAME 'pattern': what is there now does not start.
refused()
{
	: >"$T/log"
	quick start_fails 3
	grep -q "$2" "$T/log" || fail "start with $1: no message '$2'"
	[ ! -e "$RUNDIR/log" ] || fail "start with $1: a task was started"
	left=$(find "$T" -name sock -o -name pid)
	[ -z "$left" ] || fail "start with $1: left behind: $left"
	no_crash
}

for f in "$T"/in/*.says; do
	f=${f%.says}
	rm -rf "$T/conf"
	ln "$f" "$T/conf"
	refused "${f##*/}" "$(cat "$f.says")"
done
for kind in $odd; do
	place "$kind" "$T/conf"
	refused "$kind" "conf: $(says_odd "$kind")"
done

# The same for the roles: a file that is there and bad starts nothing, and
# one that is not there turns the roles off.
echo "$good" | conf
printf 'a\001b\n' >"$T/roles"
refused 'a control character as a role' 'roles:1:1: '
printf 'front\nback=a\000b\n' >"$T/roles"
refused 'NUL as a role' 'roles:2:1: '
printf '%0200d\n' 1 >"$T/roles"
refused 'a long role' 'roles:1:1: '
awk 'BEGIN { for (i = 0; i < 200000; i++) print "role" i }' >"$T/roles"
refused 'too many roles' 'roles:1:1: the roles file is larger than'
for kind in $odd; do
	[ "$kind" != missing ] || continue
	place "$kind" "$T/roles"
	refused "$kind as roles" "roles: $(says_odd "$kind")"
done
rm -rf "$T/roles"

# --- while it runs -----------------------------------------------------

# 64 levels and 16 MiB, to the byte, are fine.
rm -rf "$T/conf"
levels 64 >"$T/conf"
quick "$TFD" -C -f "$T/conf" -r "$T/roles" $USER_OPT ||
    fail '64 levels are too many'
bytes 16777216 >"$T/conf"
[ "$(wc -c <"$T/conf")" -eq 16777216 ] || fail 'the test is wrong'
quick "$TFD" -C -f "$T/conf" -r "$T/roles" $USER_OPT ||
    fail '16 MiB are too much'

: >"$T/log"
rm -rf "$T/conf"
echo "$good" | conf
printf 'front\n' >"$T/roles"
daemon
wait_for 10 runs web 0
wait_for 10 runs web 1
before=$(snapshot)

shows()
{
	ctl status | grep -q "$1"
}
# kept NAME 'pattern': a reload of what is there now changes nothing.
kept()
{
	quick ctl reload >"$T/out" 2>&1
	[ $? -eq 2 ] || fail "reload of $1: $(cat "$T/out")"
	grep -q "$2" "$T/out" || fail "reload of $1: $(cat "$T/out")"
	shows "$2" || fail "$1: status does not say so: $(ctl status)"
	[ "$(ctl -p status web | cut -f 2-4)" = 'running	2	2' ] ||
	    fail "$1: $(ctl status)"
	same_snapshot "$before" || fail "$1 touched running processes"
	alive
}
# healed PATTERN: a load succeeds and the failure is forgotten.
healed()
{
	rm -rf "$T/conf"
	echo "$good" | conf
	quick ctl reload >"$T/out" 2>&1 || fail "reload: $(cat "$T/out")"
	! shows "$1" || fail "still there: $(ctl status)"
	same_snapshot "$before" || fail 'the good file touched processes'
}

for f in "$T"/in/*.says; do
	f=${f%.says}
	rm -rf "$T/conf"
	ln "$f" "$T/conf"
	kept "${f##*/}" "$(cat "$f.says")"
done
healed 'conf:'
for kind in $odd; do
	place "$kind" "$T/conf"
	kept "$kind" "conf: $(says_odd "$kind")"
done
healed 'conf:'

# Roles that are bad are an error, too; those that cannot be read at all leave
# the last good ones in force.
printf 'a\001b\n' >"$T/roles"
kept 'a bad role' 'roles:1:1: '
awk 'BEGIN { for (i = 0; i < 200000; i++) print "role" i }' >"$T/roles"
kept 'too many roles' 'roles:1:1: the roles file is larger than'
# What was good is what the last load that succeeded has read, whatever has
# been written over it since.
for kind in $odd; do
	place "$kind" "$T/roles"
	quick ctl reload >"$T/out" 2>&1 ||
	    fail "reload with $kind as roles: $(cat "$T/out")"
	grep -q "roles: $(says_odd "$kind").*stay in force" "$T/out" ||
	    fail "reload with $kind as roles: $(cat "$T/out")"
	ctl status | grep -q 'front' || fail "$kind: other roles: $(ctl status)"
	same_snapshot "$before" || fail "$kind as roles touched processes"
done
rm -rf "$T/roles"
printf 'front\n' >"$T/roles"
healed 'roles:1:'
no_crash
stop_daemon
exit 0
