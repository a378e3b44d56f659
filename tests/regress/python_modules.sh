# An event of type python: the script and what it imports by way of its own
# directory and PYTHONPATH are followed, and the list is made anew; what is
# no Python script is held back.
. "${0%/*}/lib.sh"

PY=$(command -v python3) || skip 'no python3'
"$PY" -c 'import modulefinder' 2>/dev/null || skip 'no modulefinder'

mkdir "$T/app" "$T/app/pkg" "$T/lib"
chmod 755 "$T/app" "$T/app/pkg" "$T/lib"
cat >"$T/app/main.py" <<SCRIPT
#!$PY
import os, sys, time
import one
import pkg.sub
import theirs
try:
    import not_there
except ImportError:
    pass
with open(os.environ["RUNDIR"] + "/py.0", "w") as f:
    f.write(str(os.getpid()) + "\n")
while True:
    time.sleep(3600)
SCRIPT
chmod 755 "$T/app/main.py"
echo 'x = 1' >"$T/app/one.py"
echo '' >"$T/app/pkg/__init__.py"
echo 'from . import deep' >"$T/app/pkg/sub.py"
echo 'y = 1' >"$T/app/pkg/deep.py"
echo 'z = 1' >"$T/lib/theirs.py"
echo 'z = 1' >"$T/lib/later.py"

conf <<CONF
tasks:
  py:
    defines: { PYTHONPATH: "$T/lib", PYTHONDONTWRITEBYTECODE: "1" }
    commands: { start: ["$T/app/main.py"] }
    events: { type: python, command: stop }
  by_name:
    control: event
    commands:
      start: ["$PY", -u, "$T/app/other.py"]
      act: [/bin/sh, -c, "echo by_name >>$RUNDIR/acts"]
    events: { type: python, command: act }
  sh:
    commands: { start: [/bin/sh, -c, "exec sleep 3600"] }
    events: { type: python, command: stop }
CONF
echo 'import one' >"$T/app/other.py"
# What was written a tick of the clock ago could be newer than the process.
written=$(now_ms)
wait_for 20 past "$written" 200
daemon -v
wait_for 20 runs py
wait_for 10 is reason sh not-python
# files N: the last list had so many.
files()
{
	[ "$(grep 'task py: .* files of Python' "$T/log" | tail -n 1 |
	    sed 's/.*: \([0-9]*\) files.*/\1/')" = "$1" ]
}
wait_for 20 files 10
note "the script, five modules, and where one may come to be"

for f in app/main.py app/one.py app/pkg/deep.py app/pkg/__init__.py \
    lib/theirs.py; do
	old=$(pid_of py)
	echo "# $f" >>"$T/$f"
	wait_for 20 restarted py 0 "$old"
	note "$f"
done

old=$(pid_of py)
echo '# later' >>"$T/lib/later.py"
watch_for 1 runs py
[ "$(pid_of py)" = "$old" ] || fail 'what is not imported was followed'
echo 'import later' >>"$T/app/one.py"
wait_for 20 restarted py 0 "$old"
wait_for 20 files 11
old=$(pid_of py)
echo '# later still' >>"$T/lib/later.py"
wait_for 20 restarted py 0 "$old"
note 'the list is made anew'

# A module that cannot be parsed is told of, and mended.
put "$T/app/other.py" 'def ('
wait_for 20 logged 'task by_name: the modules of .* are not known'
note 'a script that is wrong'
finish
