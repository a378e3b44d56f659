# Completion of taskforcectl(8) for bash: commands, options, and the names of
# tasks and roles, which a running daemon is asked for.  "make install" puts it
# where bash-completion finds it; else, in ~/.bashrc: . this file.

# The daemon's tasks, and their roles as @role.
_taskforcectl_tasks()
{
	"${COMP_WORDS[0]}" ${socket:+-s "$socket"} -t 2 -p status \
	    2>/dev/null | awk -F '\t' '{
		print $1
		n = split($8, role, ",")
		for (i = 1; i <= n; i++)
			if (role[i] != "-")
				print "@" role[i]
	    }' | sort -u
	echo all
}

_taskforcectl()
{
	local commands='check control count plan reload reset restart run
	    signal start status stop version why'
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local options='-j -p -q -s -t -V' suffix='' words='' cmd='' socket=''
	local c i n=0

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-s)		socket=${COMP_WORDS[i + 1]}; i=$((i + 1)) ;;
		-[tfrR])	i=$((i + 1)) ;;
		-* | = | :)	;;
		*)		[ -n "$cmd" ] && n=$((n + 1)) ||
				    cmd=${COMP_WORDS[i]} ;;
		esac
	done
	# A prefix is as good as the command.
	for c in $commands; do
		case $c in
		"$cmd"*)	[ -z "$cmd" ] || { cmd=$c; break; } ;;
		esac
	done
	case $cmd in
	check)		options="$options -f -r" ;;
	plan)		options="$options -f -r -R" ;;
	esac

	case $prev in
	-[sfr])
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	-[tR] | :)
		return
		;;
	esac
	# "task=value" comes in three words.
	if [ "$cur" = = ] || [ "$prev" = = ]; then
		[ "$cmd" = control ] &&
		    words='wait once event suspend off nowait adopt'
		cur=${cur#=}
	elif [[ $cur == -* ]]; then
		words=$options
	else
		case $cmd in
		'')		words=$commands ;;
		control | count)
				words=$(_taskforcectl_tasks); suffix='=' ;;
		restart | start | status | stop | why)
				words=$(_taskforcectl_tasks) ;;
		signal)		[ $n -gt 0 ] && words=$(_taskforcectl_tasks) ||
				    words='HUP INT QUIT KILL USR1 USR2 TERM
				    CONT STOP' ;;
		run)		[ $n -gt 0 ] && words='start stop check' ||
				    words=$(_taskforcectl_tasks) ;;
		esac
	fi
	[ -z "$suffix" ] || compopt -o nospace 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -S "$suffix" -W "$words" -- "$cur")
}

complete -F _taskforcectl taskforcectl
