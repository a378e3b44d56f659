# A process that cannot be started: which step and what the system said, in
# status and in the log; it is tried again, and runs when the cause is gone.
. "${0%/*}/lib.sh"

echo 'not a program' >"$T/text"
chmod 644 "$T/text"
printf '#!/no/such/interpreter\n' >"$T/script"
chmod 755 "$T/script"
conf <<CONF
tasks:
  missing: { commands: { start: ["$T/nosuch"] } }
  inpath: { commands: { start: ["no-such-program-at-all"] } }
  text: { commands: { start: ["$T/text"] } }
  script: { commands: { start: ["$T/script"] } }
  cwd: { cwd: "$T/nodir", commands: { start: ["$TASK"] } }
  good: { commands: { start: ["$TASK"] } }
  stranger: { user: no-such-user-here, commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 5 runs good

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
    "$T/text" 'Permission denied'
wait_for 5 says script 'cannot-start no-program backoff-until' 'No such file'
wait_for 5 says cwd 'cannot-start backoff-until' "$T/nodir" 'No such file'
wait_for 5 says stranger unknown-user no-such-user-here
logged "cwd.*$T/nodir.*No such file" || fail 'the log does not say it of cwd'
logged "$T/nosuch" || fail 'the log does not name the missing program'
logged no-such-user-here || fail 'the log does not name the user'
is state stranger failed || fail "stranger is $(column state stranger)"

mkdir "$T/nodir"
cp "$TASK" "$T/nosuch"
wait_for 10 runs cwd
wait_for 10 runs missing
wait_for 5 is state cwd running
finish
