# deadline: 120
# Modules while the monitor is started anew, and while they are listed: a
# change is not lost, and nothing is done where nothing changed; with so many
# modules, too, that what is kept of them is one number.
. "${0%/*}/lib.sh"

# An interpreter that tells what it is asked for when the test wants it to.
cat >"$T/python-slow" <<SLOW
#!/bin/sh
[ "\$1" = -c ] || exec $TASK
name=\${3##*.}
echo "\$name" >>"$RUNDIR/asked"
until [ -e "$T/go.\$name" ]; do
	$TASK -a 20 -d "$T/slow" >/dev/null
done
cat "$T/list.\$name"
SLOW
chmod 755 "$T/python-slow"
mkdir -m 1777 "$T/slow"
: >"$RUNDIR/asked"
chmod 666 "$RUNDIR/asked"

# make NAME N: a script that imports so many.
make_script()
{
	mkdir "$T/$1"
	: >"$T/s.$1"
	awk -v dir="$T/$1" -v n="$2" 'BEGIN {
		for (i = 0; i < n; i++) {
			name = dir "/m" i ".py"
			print i >name
			close(name)
			printf "%s%c", name, 0
		}
	}' >"$T/list.$1"
}
task()
{
	cat <<CONF
  $1:
    commands: { start: ["$T/python-slow", "$T/s.$1"], act: $(act "$1") }
    events: { type: python, command: act }
CONF
}
make_script few 5
make_script many 300
{
	echo tasks:
	task few
	task many
} | conf
daemon -v
times_asked()
{
	grep -c "^$1\$" "$RUNDIR/asked"
}
times_listed()
{
	grep -c "task $1: [0-9]* files of Python" "$T/log"
}
asked()
{
	[ "$(times_asked "$1")" -ge "$2" ]
}
listed()
{
	[ "$(times_listed "$1")" -ge "$2" ]
}
another_monitor()
{
	p=$(helper monitor) && [ "$p" != "$1" ] && up
}
# The monitor is killed, and the next one has asked for the modules.
new_monitor()
{
	few=$(($(times_asked few) + 1))
	many=$(($(times_asked many) + 1))
	m=$(helper monitor)
	kill -KILL "$m"
	wait_for 20 another_monitor "$m"
	wait_for 20 asked few $few
	wait_for 20 asked many $many
}
# The interpreters answer, and it has been taken in.
answer()
{
	few=$(($(times_listed few) + 1))
	many=$(($(times_listed many) + 1))
	: >"$T/go.few"
	: >"$T/go.many"
	wait_for 20 listed few $few
	wait_for 20 listed many $many
}
no_answer()
{
	rm "$T/go.few" "$T/go.many"
}

wait_for 20 runs few
wait_for 20 runs many
wait_for 20 asked few 1
wait_for 20 asked many 1
# It was read before; who knows what the interpreter saw of it.
rewrite "$T/few/m3.py" changed
answer
exactly few 1
acted_only many 0 || fail 'no module of many has changed'
note 'changed while they were listed'

no_answer
new_monitor
answer
watch_for 1 acted_only few 1
watch_for 1 acted_only many 0
no_answer
new_monitor
new_monitor
answer
watch_for 1 acted_only few 1
watch_for 1 acted_only many 0
note 'nothing changed while the monitor was away'

no_answer
kill -STOP "$(helper monitor)"
rewrite "$T/few/m1.py" changed
rewrite "$T/many/m299.py" changed
new_monitor
# And it goes away again before it knows the modules.
new_monitor
answer
exactly few 2
exactly many 1
note 'changed while it was away, twice'
rewrite "$T/many/m0.py" changed
exactly many 2
finish
