# make install DESTDIR puts the programs in their places, and the installed
# tree runs from any other prefix it is copied to.
. "${0%/*}/lib.sh"

cd "$TOP" || exit 1
# Accounts are for a real installation, not for a DESTDIR.
make -f build.mk install DESTDIR="$T/dest" >"$T/out" 2>&1 ||
    fail "make install: $(cat "$T/out")"
prefix=$(sed -n 's/^prefix =[[:space:]]*//p' config.mk)
at=$T/dest$prefix
for f in sbin/taskforced sbin/taskforcectl libexec/taskforced/monitor \
    libexec/taskforced/httpd; do
	[ -x "$at/$f" ] || fail "no $f"
	[ -z "$(find "$at/$f" -perm /022)" ] || fail "$f can be written"
	[ -z "$(find "$at/$f" -perm /6000)" ] || fail "$f is set-id"
done
for f in man8/taskforced.8 man8/taskforcectl.8 man5/taskforce.conf.5 \
    bash-completion/completions/taskforcectl \
    zsh/site-functions/_taskforcectl; do
	[ -n "$(find "$T/dest" -path "*/$f")" ] || fail "no $f"
done

mkdir "$T/elsewhere"
cp -R "$at" "$T/elsewhere/prefix"
rm -rf "$T/dest"
PREFIX=$T/elsewhere/prefix
TFD=$PREFIX/sbin/taskforced
CTL=$PREFIX/sbin/taskforcectl
conf <<CONF
tasks: { web: { commands: { start: ["$TASK"] } } }
CONF
cd "$T" || exit 1
daemon
wait_for 5 runs web
exe=$(readlink "/proc/$(helper monitor)/exe" 2>/dev/null)
case $exe in
"$PREFIX"/* | '')	;;
*)	fail "the monitor is $exe" ;;
esac
stop_daemon

# A place that others can write to is not trusted.
chmod 777 "$PREFIX/libexec/taskforced"
launch --expires 3
exit_status 20
if [ ! -e "$prefix/libexec/taskforced/monitor" ]; then
	[ "$code" -eq 3 ] || fail "status $code with helpers of others"
	wait_for 10 logged 'cannot be run: .*is taskforced installed'
fi
exit 0
