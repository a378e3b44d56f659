# Many tasks that follow one file; a file for each of many tasks; a task with
# many files.  Each acts once, and only on its own.
. "${0%/*}/lib.sh"

N=20
D=$T/d
mkdir "$D"
echo one >"$D/shared"
paths=
i=0
while [ $i -lt $N ]; do
	echo one >"$D/own.$i"
	echo one >"$D/all.$i"
	paths="$paths\"$D/all.$i\", "
	i=$((i + 1))
done
{
	echo tasks:
	i=0
	while [ $i -lt $N ]; do
		cat <<CONF
  t$i:
    commands:
      start: ["$TASK"]
      shared: $(act "shared.$i")
      own: $(act "own.$i")
    events:
      - { type: file_change, path: "$D/shared", command: shared }
      - { type: file_change, path: "$D/own.$i", command: own }
CONF
		i=$((i + 1))
	done
	cat <<CONF
  all:
    commands: { start: ["$TASK"], act: $(act all) }
    events: { type: file_change, path: [ $paths ], command: act }
CONF
} | conf
daemon
wait_for 20 runs all
wait_for 20 runs t$((N - 1))

each_acted()
{
	i=0
	while [ $i -lt $N ]; do
		acted_only "$1.$i" "$2" || return 1
		i=$((i + 1))
	done
}

rewrite "$D/shared" two
wait_for 20 each_acted shared 1
watch_for 1 each_acted shared 1
each_acted own 0 || fail 'its own file has not changed'
note 'one file, many tasks'

i=0
while [ $i -lt $N ]; do
	rewrite "$D/own.$i" two
	i=$((i + 1))
done
wait_for 20 each_acted own 1
watch_for 1 each_acted own 1
each_acted shared 1 || fail 'the shared file has not changed'
note 'a file for each'

acted_only all 0 || fail 'none of these has changed'
# By one process: the machine may be away for long between two.
touch "$D"/all.*
wait_for 20 acted all 1
# One burst is one event, unless the machine was away in the middle of it.
watch_for 1 acted all 1
was=$(acts all)
[ "$was" -le 3 ] || fail "one burst was $was events"
rewrite "$D/all.7" three
wait_for 20 acted all $((was + 1))
watch_for 1 acted_only all $((was + 1))
note 'many files, one task'
finish
