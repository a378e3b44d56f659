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
      shut: $(act shut)
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
started="$started $!"
wait_for 60 acted shut 1
up || fail 'the daemon does not answer'
echo two >"$T/open/f"
exactly open 1
note 'acted on while it was written'
: >"$T/enough"
was=$(acts shut)
wait_for 20 acted shut $((was + 1))
was=$(acts shut)
watch_for 3 acted_only shut "$was"
note 'and when it is at rest, once'
finish
