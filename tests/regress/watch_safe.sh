# An event waits while a package manager holds its lock, and is not acted on
# when its verify command says no.
. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip 'no python3 to hold a lock'

: >"$RUNDIR/acts"
chmod 666 "$RUNDIR/acts"
echo one >"$T/f"
: >"$T/lock"
chmod 600 "$T/lock"
echo good >"$T/g"
config()
{
	conf <<CONF
settings: { package_locks: ["$T/lock", "$T/none"] }
tasks:
  a:
    commands:
      start: ["$TASK"]
      f: $(act f)
      g: $(act g)
      look: [/bin/sh, -c, "grep good $T/g"]
    events:
      - { type: file_change, path: [$1], command: f }
      - { type: file_change, path: "$T/g", command: g, verify: look }
CONF
}
config "\"$T/f\""
daemon
wait_for 10 runs a

# Somebody locks the file, until unlock.
lock()
{
	rm -f "$T/held"
	python3 -c '
import fcntl, sys, time
f = open(sys.argv[1], "r+")
fcntl.lockf(f, fcntl.LOCK_EX)
open(sys.argv[2], "w").close()
time.sleep(60)
' "$T/lock" "$T/held" &
	holder=$!
	started="$started $holder"
	wait_for 20 [ -e "$T/held" ]
}
waiting()
{
	[ "$(grep -c 'is locked: waiting' "$T/log")" -ge "$1" ]
}

lock
rewrite "$T/f" two
wait_for 10 waiting 1
watch_for 1 acted_only f 0
kill "$holder"
exactly f 1
note 'the lock'

# A reload in the meantime, with which the event follows another file, too.
lock
rewrite "$T/f" three
wait_for 10 waiting 2
config "\"$T/f\", \"$T/more\""
ctl reload >/dev/null || fail 'reload'
watch_for 1 acted_only f 1
kill "$holder"
exactly f 2
m=$(helper monitor)
lock
rewrite "$T/f" four
wait_for 10 waiting 3
kill -KILL "$m"
wait_for 20 waiting 4
kill "$holder"
exactly f 3
note 'a reload, and another monitor, while it is locked'

put "$T/g" bad
wait_for 10 logged 'look'
watch_for 1 acted_only g 0
put "$T/g" good again
wait_for 10 acted g 1
[ "$(acts f)" -eq 3 ] || fail "f: $(acts f)"
note 'verify'
finish
