# Files are followed: written in place, renamed over, removed and made again,
# touched, reached by links and in directories that come later; several
# events on one file, several files in one event.
. "${0%/*}/lib.sh"

mkdir "$T/d"
D=$T/d
echo one >"$D/f"
echo one >"$D/two"
echo same >"$D/real"
ln -s real "$D/link"

conf <<CONF
settings: { settle: 0.5 }
tasks:
  a:
    commands:
      start: ["$TASK"]
      f: $(act f)
      both: $(act both)
      link: $(act link)
      late: $(act late)
      same: $(act same)
    events:
      - { type: file_change, path: "$D/f", command: f }
      - { type: file_change, path: ["$D/f", "$D/two"], command: both }
      - { type: file_change, path: "$D/link", command: link }
      - { type: file_change, path: "$D/x/y/z", command: late }
      - { type: file_change, path: "$D/real", content: true, command: same }
  b:
    commands: { start: ["$TASK"] }
    events: { type: file_change, path: "$D/f", command: stop }
CONF
daemon
wait_for 10 runs a
wait_for 10 runs b
watch_for 1 test ! -e "$RUNDIR/acts"
note 'nothing happens while nothing changes'

old=$(pid_of b)
rewrite "$D/f" two
exactly f 1
wait_for 10 acted_only both 1
wait_for 10 restarted b 0 "$old"
note 'in place'

put "$D/f" three
wait_for 10 acted_only f 2
wait_for 10 acted_only both 2
note 'renamed over'

: >"$D/f"
wait_for 10 acted_only f 3
note 'truncated'

rm "$D/f"
watch_for 1 acted_only f 3
put "$D/f" four
exactly f 4
wait_for 10 acted_only both 4
note 'removed and made again: once'

touch "$D/f"
wait_for 10 acted_only f 5
chmod 600 "$D/f"
touch -r "$D/f" "$D/f"
watch_for 1 acted_only f 5
note 'touched; its rights are no matter'

# By one process, within the settle time but on a machine that goes away.
touch "$D/f" "$D/two"
wait_for 10 acted both 6
at_rest 1 acts both
n=$(acts both)
[ "$n" -le 7 ] || fail "two files, $((n - 5)) events"
rewrite "$D/two" y
exactly both $((n + 1))
wait_for 10 acted_only f 6
note 'two files, one event'

watch_for 1 acted_only link 0
put "$D/real2" other
ln -s real2 "$D/link.new"
mv -T "$D/link.new" "$D/link" 2>/dev/null || {
	rm "$D/link"
	ln -s real2 "$D/link"
}
wait_for 10 acted_only link 1
rewrite "$D/real2" other2
wait_for 10 acted_only link 2
put "$D/real" different
wait_for 10 acted_only same 1
watch_for 1 acted_only link 2
note 'a link'

put "$D/real" different
watch_for 1 acted_only same 1
note 'the same content'

mkdir -p "$D/x/y"
put "$D/x/y/z" z
wait_for 10 acted_only late 1
mv "$D/x" "$D/old"
watch_for 1 acted_only late 1
mkdir -p "$D/x.new/y"
echo zz >"$D/x.new/y/z"
mv "$D/x.new" "$D/x"
exactly late 2
note 'directories'

# A file that is being written is not acted on until it is at rest.
for try in 1 2 3; do
	at_rest 1 acts f
	was=$(acts f)
	keep_writing "$D/f" 2500
	n=$(acts f)
	most=$(most_pause)
	# Else the machine was away for so long that it looked like rest.
	if [ "$most" -lt 400 ]; then
		[ "$n" -eq "$was" ] ||
		    fail "acted on while it was written every $most ms"
		exactly f $((was + 1))
		break
	fi
	note "$most ms without a write: this tells nothing"
done
note 'written slowly'
finish
