# A file that only the spawner can see, and that is written without end: it
# is acted on now and then, and costs nobody else his events.
. "${0%/*}/lib.sh"

[ $ROOT = yes ] || skip 'only root has a monitor that sees less'
mkdir "$T/shut" "$T/open"
chmod 700 "$T/shut"
echo one >"$T/shut/f"
echo one >"$T/open/f"
conf <<CONF
tasks:
  a:
    commands:
      start: ["$TASK"]
      shut: [/bin/sh, -c, "tail -n 1 $T/shut/f >$RUNDIR/has;
        echo shut >>$RUNDIR/acts"]
      open: $(act open)
    events:
      - { type: file_change, path: "$T/shut/f", command: shut }
      - { type: file_change, path: "$T/open/f", command: open }
CONF
daemon
wait_for 10 runs a
(
	while [ ! -e "$T/enough" ]; do
		echo more >>"$T/shut/f"
		"$TASK" -a 20 -d "$T" >/dev/null
	done
) &
writer=$!
started="$started $writer"
wait_for 60 acted shut 1
up || fail 'the daemon does not answer'
rewrite "$T/open/f" two
exactly open 1
note 'acted on while it was written'
: >"$T/enough"
wait $writer
was=$(acts shut)
echo last >>"$T/shut/f"
has_last()
{
	[ "$(cat "$RUNDIR/has")" = last ]
}
wait_for 20 has_last
at_rest 3 acts shut
# One may have been due for what was written before.
n=$(($(acts shut) - was))
[ $n -le 2 ] || fail "acted on $n times when it was at rest"
note 'and when it is at rest, once'
finish
