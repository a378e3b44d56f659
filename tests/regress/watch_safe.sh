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
      - { type: file_change, path: "$T/f", command: f }
      - { type: file_change, path: "$T/g", command: g, verify: look }
CONF
daemon
wait_for 10 runs a

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
echo two >"$T/f"
wait_for 10 logged 'is locked: waiting'
watch_for 1 acted_only f 0
kill "$holder"
wait_for 10 acted f 1
note 'the lock'

echo bad >"$T/g"
wait_for 10 logged 'look'
watch_for 1 acted_only g 0
echo good again >"$T/g"
wait_for 10 acted g 1
[ "$(acts f)" -eq 1 ] || fail "f: $(acts f)"
note 'verify'
finish
