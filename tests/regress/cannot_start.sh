# A process that cannot be started: which step, of what, and what the system
# said, in status and in the log; when the cause is gone a reload starts it.
# That the loader may not look somewhere is no cause.
. "${0%/*}/lib.sh"

echo 'not a program' >"$T/text"
chmod 644 "$T/text"
printf '#!/no/such/interpreter\n' >"$T/script"
chmod 755 "$T/script"
mkdir -m 700 "$T/private"
cp "$TASK" "$T/private/prog"
conf <<CONF
tasks:
  private: { cwd: "$T/private", commands: { start: ["$T/private/prog"] } }
  missing: { commands: { start: ["$T/nosuch"] } }
  inpath: { defines: { PATH: "/usr/bin:/bin" },
            commands: { start: ["no-such-program-at-all"] } }
  text: { commands: { start: ["$T/text"] } }
  script: { commands: { start: ["$T/script"] } }
  cwd: { cwd: "$T/nodir", commands: { start: ["$TASK"] } }
  # What only each process knows, and a pidfile that is looked at before.
  late: { cwd: "$T/nodir/{Task_instance}", pidfile: pid,
          commands: { start: ["$TASK"] } }
  own: { commands: { start: ["$T/nosuch-{Task_instance}"] } }
  good: { commands: { start: ["$TASK"] } }
  stranger: { user: no-such-user-here, commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 5 runs good
wait_for 5 runs private

# says TASK REASONS WORDS ...: all words are in the detail or the log.
says()
{
	t=$1
	case " $2 " in
	*" $(column reason "$t") "*)	;;
	*)	return 1 ;;
	esac
	shift 2
	d=$(column detail "$t")
	for word; do
		case $d in
		*"$word"*)	;;
		*)	return 1 ;;
		esac
	done
}

wait_for 5 says missing 'cannot-start no-program backoff-until' \
    "$T/nosuch" 'No such file'
wait_for 5 says inpath 'cannot-start no-program backoff-until' \
    no-such-program-at-all
wait_for 5 says text 'cannot-start no-program backoff-until' \
    "$T/text"
wait_for 5 says script 'cannot-start no-program backoff-until' \
    "exec $T/script" 'No such file'
wait_for 5 says cwd 'cannot-start backoff-until' "$T/nodir" 'No such file'
wait_for 5 says late 'cannot-start backoff-until' \
    "chdir $T/nodir/{Task_instance}: No such file"
wait_for 5 says own 'cannot-start backoff-until' \
    "exec $T/nosuch-{Task_instance}: No such file"
wait_for 5 says stranger unknown-user no-such-user-here
wait_for 10 logged "cwd.*$T/nodir.*No such file"
wait_for 10 logged "$T/nosuch"
wait_for 10 logged no-such-user-here
is state stranger failed || fail "stranger is $(column state stranger)"

mkdir "$T/nodir"
cp "$TASK" "$T/nosuch"
good=$(pid_of good)
ctl reload >/dev/null || fail "reload: status $?"
wait_for 10 runs cwd
wait_for 10 runs missing
[ "$(pid_of good)" = "$good" ] || fail 'good was touched'
wait_for 5 is state cwd running
finish
