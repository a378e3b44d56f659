# deadline: 180
# 200 files are renamed over, made anew and rewritten in place by 4 writers
# for 20 s, and the monitor is killed meanwhile: then each task runs with the
# last content of its file, and once there is rest nothing more happens.
. "${0%/*}/lib.sh"

STIR=$TOP/out/tests/stir
N=200
mkdir "$T/f"
mkdir -m 1777 "$T/run/got"
G=$T/run/got

# Half of the tasks are started again for a change, half get a signal.
{
	echo 'settings: { settle: 0.3 }'
	echo 'tasks:'
	i=0
	while [ $i -lt $N ]; do
		echo "$i-0-0" >"$T/f/$i"
		what='signal: HUP'
		[ $((i % 2)) -eq 0 ] || what='command: stop'
		echo "  t$i:"
		echo "    commands: { start: [\"$STIR\", listen," \
		    "\"$T/f/$i\", \"$G/$i\"] }"
		echo "    events: { type: file_change, path: \"$T/f/$i\"," \
		    "$what }"
		i=$((i + 1))
	done
} | conf
daemon
count()
{
	cat "$G"/* 2>/dev/null | wc -l
}
all_listen()
{
	[ "$(count)" -ge $N ]
}
wait_for 30 all_listen

"$STIR" change "$T/f" $N 4 20 &
writers=$!
started="$started $writers"
watch_for 8 lives "$DPID"
mon=$(helper monitor) || fail 'no monitor'
kill -KILL "$mon"
note 'the monitor was killed'
wait $writers || fail 'a writer failed'
notes=$(count)
note "$((notes - N)) times a task learned of a change"
[ $notes -ge $((3 * N)) ] || fail 'too little happened'

# What each running process has read last, beside what is in its file.
stale()
{
	ctl -p status | cut -f 1,5 | while read -r name task_pid; do
		i=${name#t}
		read -r word <"$T/f/$i"
		line=$(tail -n 1 "$G/$i")
		[ "${line%% *} ${line##* }" = "$task_pid $word" ] ||
		    echo "$name: $word in the file of $task_pid;" \
			"last note: $line"
	done
}
none_stale()
{
	stale >"$T/stale"
	[ ! -s "$T/stale" ] && [ "$(ctl -p status | wc -l)" -eq $N ]
}
until=$(($(now_ms) + 30000 * TESTS_SLOW))
until none_stale; do
	[ "$(now_ms)" -lt $until ] || {
		cat "$T/stale"
		fail 'these are not up to date'
	}
done
# The last event may come after its task has read the last content already.
at_rest 3 count
none_stale || fail 'the tasks did not stay as they were'
finish
