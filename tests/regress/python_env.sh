# deadline: 120
# Events of type python in the places where Python looks: a virtual
# environment, whose interpreter the first line of the script names; the
# system's own files, followed only when PYTHONPATH names them; modules that
# are wrong or missing, and come.
. "${0%/*}/lib.sh"

command -v python3 >/dev/null || skip 'no python3'
# What it really is: there may be a wrapper in its place.
PY=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
"$PY" -c 'import modulefinder' 2>/dev/null || skip 'no modulefinder'
lib=$("$PY" -c 'import os; print(os.path.dirname(os.__file__))')
site=lib/python$("$PY" -c \
    'import sys; print("%d.%d" % sys.version_info[:2])')/site-packages

# As python3 -m venv makes it, which is not installed everywhere.
V=$T/venv
mkdir -p "$V/bin" "$V/$site" "$T/app"
ln -s "$PY" "$V/bin/python3"
cat >"$V/pyvenv.cfg" <<CFG
home = ${PY%/*}
include-system-site-packages = false
CFG
echo 'x = 1' >"$V/$site/inside.py"
cat >"$V/$site/sitecustomize.py" <<'SITE'
import os, sys
try:
    with open(os.environ["RUNDIR"] + "/prefixes", "a") as f:
        f.write(sys.argv[0] + " " + sys.prefix + "\n")
except Exception:
    pass
SITE

# script NAME INTERPRETER [line ...]
script()
{
	name=$1
	interpreter=$2
	shift 2
	{
		echo "#!$interpreter"
		echo 'import json, os, sys, time'
		for line; do
			printf '%s\n' "$line"
		done
		cat <<SCRIPT
name = os.environ["RUNDIR"] + "/$name.0"
with open(name + ".new", "w") as f:
    f.write(str(os.getpid()) + "\\n")
os.rename(name + ".new", name)
while True:
    time.sleep(3600)
SCRIPT
	} >"$T/app/$name.py"
	chmod 755 "$T/app/$name.py"
}
script venv "$V/bin/python3" 'import inside, own'
script named "$V/bin/python3" 'import inside, own'
script system "$PY" 'import own'
script wrong "/usr/bin/env $PY" 'try:' '    import broken' \
    'except SyntaxError:' '    pass'
script missing "$PY" 'try:' '    import absent' 'except ImportError:' \
    '    pass' 'try:' '    import pack.part' 'except ImportError:' '    pass'
echo 'y = 1' >"$T/app/own.py"
echo 'def (' >"$T/app/broken.py"
task()
{
	echo "  $1:"
	echo "    defines: { PYTHONDONTWRITEBYTECODE: '1'${2:+, $2} }"
	echo "    commands: { start: [\"$T/app/$1.py\"] }"
	echo '    events: { type: python, command: stop }'
}
{
	echo tasks:
	task venv
	task named "PYTHONPATH: '$V/$site'"
	task system "PYTHONPATH: '$lib'"
	task wrong
	task missing
} | conf
all='venv named system wrong missing'
# What was written a tick of the clock ago could be newer than the process.
written=$(now_ms)
wait_for 20 past "$written" 200
daemon -v
files()
{
	sed -n "s/.*task $1: \([0-9]*\) files of Python.*/\1/p" "$T/log" |
	    tail -n 1
}
listed()
{
	[ -n "$(files "$1")" ]
}
for t in $all; do
	wait_for 20 runs $t
	wait_for 60 listed $t
done
grep -q "^-c $V\$" "$RUNDIR/prefixes" ||
    fail 'the modules were not told by the interpreter of the environment'
[ "$(files venv)" -eq 2 ] || fail "venv: $(files venv) files"
[ "$(files named)" -eq 3 ] || fail "named: $(files named) files"
[ "$(files system)" -gt 20 ] || fail "system: $(files system) files"
note "of the system's own, $(files system) files are named by PYTHONPATH"

was=
remember()
{
	was=
	for t in $all; do
		was="$was $t:$(pid_of $t)"
	done
}
# only TASK ...: these were started anew, the others were not.
only()
{
	for one in $was; do
		t=${one%%:*}
		case " $* " in
		*" $t "*)	wait_for 20 restarted $t 0 "${one#*:}" ;;
		esac
	done
	for one in $was; do
		t=${one%%:*}
		case " $* " in
		*" $t "*)	;;
		*)	[ "$(pid_of $t)" = "${one#*:}" ] ||
			    fail "$t was started anew" ;;
		esac
	done
}

remember
echo '# more' >>"$V/$site/inside.py"
only named
note 'what the environment holds, where PYTHONPATH names it'
remember
echo '# more' >>"$T/app/own.py"
only venv named system
note 'what lies beside the script'
remember
put "$T/app/broken.py" 'z = 1'
only wrong
note 'a module that was wrong'
remember
put "$T/app/absent.py" 'a = 1'
only missing
remember
mkdir "$T/app/pack.new"
echo '' >"$T/app/pack.new/__init__.py"
echo 'p = 1' >"$T/app/pack.new/part.py"
mv "$T/app/pack.new" "$T/app/pack"
only missing
note 'modules that were missing'
finish
