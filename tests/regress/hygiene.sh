# What a process is started with: nothing of ours, all of its own.
. "${0%/*}/lib.sh"

mkdir "$T/bin" "$T/cwd"
ln -s "$TASK" "$T/bin/mytask"
if [ $ROOT = yes ]; then
	who="user: nobody"
else
	who="control: wait"
fi
conf <<CONF
defines:
  BASE: "$T"
  GREETING: "hello {Task_name}"
  NOTHING: null
  BRACES: "{{x}}"
tasks:
  web:
    $who
    count: 2
    procname: "web-{Task_instance}"
    cwd: "{BASE}/cwd"
    defines: { PATH: "{BASE}/bin:/nowhere", ME: "{Task_pid}.{Task_instance}" }
    commands:
      start: ["mytask", "-r", "-p", "{BASE}/run/p{Task_instance}.{Task_pid}"]
CONF

# A daemon with as much as possible to pass on by mistake.
exec 7<"$T/conf" 8>"$T/eight"
export INHERITED='{Task_name} $x' Task_name=outer Task_role_old=1
launch
exec 7<&- 8>&-
wait_for 20 up
wait_for 5 runs web 0
wait_for 5 runs web 1

expect()
{
	[ "$2" = "$3" ] || fail "$1: \"$2\", not \"$3\""
}

for i in 0 1; do
	pid=$(pid_of web $i)
	expect parent "$(report_of web $i ppid)" "$DPID"
	expect session "$(report_of web $i sid)" "$pid"
	expect 'process group' "$(report_of web $i pgid)" "$pid"
	expect umask "$(report_of web $i umask)" 022
	expect cwd "$(report_of web $i cwd)" "$T/cwd"
	expect descriptors "$(report_of web $i fd | cut -d ' ' -f 1 |
	    tr '\n' ' ')" '0 1 2 '
	expect stdin "$(report_of web $i fd | sed -n 's/^0 //p')" /dev/null
	expect 'signals not default' "$(grep -E '^(blocked|ignored|handled) ' \
	    "$T/run/web.$i.report")" ''
	if [ $ROOT = yes ]; then
		id=$(id -u nobody)
		gid=$(id -g nobody)
		expect uid "$(report_of web $i uid)" "$id $id"
		expect gid "$(report_of web $i gid)" "$gid $gid"
		expect groups "$(report_of web $i groups)" "$gid"
	fi
	expect 'argument 0' "$(report_of web $i 'arg 0')" "web-$i"
	expect 'argument 3' "$(report_of web $i 'arg 3')" "$T/run/p$i.$pid"
	[ -s "$T/run/p$i.$pid" ] || fail "no $T/run/p$i.$pid"

	env="$T/run/env.$i"
	report_of web $i env >"$env"
	for line in "GREETING=hello web" "BRACES={x}" "ME=$pid.$i" \
	    "PATH=$T/bin:/nowhere" "BASE=$T" "Task_name=web" \
	    "Task_instance=$i" "Task_pid=$pid" "Task_ppid=$DPID" \
	    "Task_cwd=$T/cwd" "RUNDIR=$RUNDIR" \
	    "Task_uid=$(report_of web $i uid | cut -d ' ' -f 1)" \
	    "Task_gid=$(report_of web $i gid | cut -d ' ' -f 1)" \
	    'INHERITED={Task_name} $x'; do
		grep -Fqx -- "$line" "$env" || fail "environment lacks $line"
	done
	for key in NOTHING Task_role_old; do
		grep -q "^$key=" "$env" && fail "environment has $key"
	done
	expect 'keys that occur twice' \
	    "$(cut -d = -f 1 "$env" | sort | uniq -d)" ''
done

# The daemon's own limits are not handed down.
mine=$(ulimit -c)
expect 'core limit' "$(report_of web 0 'limit core' | cut -d ' ' -f 1)" \
    "$([ "$mine" = unlimited ] && echo -1 || echo $((mine * 512)))"
expect 'open files' "$(report_of web 0 'limit nofile')" \
    "$(ulimit -Sn) $(ulimit -Hn)"
if [ -r /proc/self/status ]; then
	for key in NoNewPrivs Seccomp; do
		expect $key "$(report_of web 0 status |
		    sed -n "s/^$key:[[:space:]]*//p")" \
		    "$(sed -n "s/^$key:[[:space:]]*//p" /proc/self/status)"
	done
fi
finish
