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

# Longer than a busy machine takes for the two halves of one "echo".
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
echo two >"$D/f"
exactly f 1
wait_for 10 acted_only both 1
wait_for 10 restarted b 0 "$old"
note 'in place'

echo three >"$D/f.new"
mv "$D/f.new" "$D/f"
wait_for 10 acted_only f 2
wait_for 10 acted_only both 2
note 'renamed over'

: >"$D/f"
wait_for 10 acted_only f 3
note 'truncated'

rm "$D/f"
watch_for 1 acted_only f 3
echo four >"$D/f"
exactly f 4
wait_for 10 acted_only both 4
note 'removed and made again: once'

touch "$D/f"
wait_for 10 acted_only f 5
chmod 600 "$D/f"
touch -r "$D/f" "$D/f"
watch_for 1 acted_only f 5
note 'touched; its rights are no matter'

echo x >"$D/f"
echo x >"$D/two"
exactly both 6
echo y >"$D/two"
exactly both 7
wait_for 10 acted_only f 6
note 'two files, one event'

watch_for 1 acted_only link 0
echo other >"$D/real2"
ln -s real2 "$D/link.new"
mv -T "$D/link.new" "$D/link" 2>/dev/null || {
	rm "$D/link"
	ln -s real2 "$D/link"
}
wait_for 10 acted_only link 1
echo other2 >"$D/real2"
wait_for 10 acted_only link 2
echo different >"$D/real"
wait_for 10 acted_only same 1
watch_for 1 acted_only link 2
note 'a link'

echo different >"$D/real"
watch_for 1 acted_only same 1
note 'the same content'

mkdir -p "$D/x/y"
echo z >"$D/x/y/z"
wait_for 10 acted_only late 1
mv "$D/x" "$D/old"
watch_for 1 acted_only late 1
mkdir -p "$D/x.new/y"
echo zz >"$D/x.new/y/z"
mv "$D/x.new" "$D/x"
exactly late 2
note 'directories'

# A file that is being written is not acted on until it is at rest.
was=$(acts f)
i=0
while [ $i -lt 80 ]; do
	echo "$i" >>"$D/f"
	i=$((i + 1))
	"$TASK" -a 20 -d "$T" >/dev/null 2>&1
done
n=$(acts f)
# Unless the machine was away for so long that it looked like rest.
pause=$(awk -v end="$(now_ms)" '$3 == "none" { look($1) }
    function look(ms) {
	if (last && ms - last > most) most = ms - last
	last = ms }
    END { look(end); print most + 0 }' "$T/log")
if [ "$pause" -lt 400 ]; then
	[ "$n" -eq "$was" ] ||
	    fail "acted on while it was written every $pause ms"
	exactly f $((was + 1))
fi
note 'written slowly'
finish
