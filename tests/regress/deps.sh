# tests/deps says nothing when all is there, and else installs by sudo or
# prints the command; etc/mkusers prints what it may not do.  Nothing is
# installed and no user is created here: the programs are stand-ins.
# once
. "${0%/*}/lib.sh"

mkdir "$T/bin"
stand_in()
{
	printf '#!/bin/sh\n' >"$T/bin/$1"
	cat >>"$T/bin/$1"
	chmod 755 "$T/bin/$1"
}

# Tells that all packages are installed but those in $MISSING.
stand_in dpkg-query <<'SH'
shift 3
for p; do
	case " $MISSING " in
	*" $p "*)	;;
	*)		echo "$p installed" ;;
	esac
done
SH
stand_in apt-get <<SH
echo "apt-get \$*" >>"$T/run/apt"
SH
stand_in sudo <<'SH'
[ "$SUDO" = yes ] || exit 1
echo "sudo $*"
SH

# As somebody who is not root.
deps()
{
	if [ $ROOT = yes ]; then
		command -v setpriv >/dev/null || skip 'no setpriv(1)'
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		    env PATH="$T/bin:$PATH" MISSING="$MISSING" SUDO="$SUDO" \
		    sh "$TOP/tests/deps" "$@"
	else
		PATH=$T/bin:$PATH MISSING=$MISSING SUDO=$SUDO \
		    sh "$TOP/tests/deps" "$@"
	fi >"$T/out" 2>&1
}

MISSING= SUDO=
for what in '' build test ci; do
	deps $what || fail "all there: status $?: $(cat "$T/out")"
	[ ! -s "$T/out" ] || fail "all there, but: $(cat "$T/out")"
done

MISSING='nginx mandoc'
deps build || fail "build wants what tests need: $(cat "$T/out")"
deps
[ $? -eq 1 ] || fail "status: $(cat "$T/out")"
grep -qx '    sudo apt-get install .* mandoc nginx' "$T/out" ||
    fail "no command: $(cat "$T/out")"
SUDO=yes
deps test || fail "sudo: status $?: $(cat "$T/out")"
grep -qx "sudo -n sh $TOP/tests/deps test" "$T/out" ||
    fail "not by sudo: $(cat "$T/out")"
deps nonsense
[ $? -eq 2 ] || fail 'wrong usage is not told'
[ ! -e "$T/run/apt" ] || fail "installed: $(cat "$T/run/apt")"

users()
{
	DESTDIR=$T/dest MONITOR_USER=$1 HTTPD_USER=$2 sh "$TOP/etc/mkusers" \
	    >"$T/out" 2>&1 || fail "mkusers: status $?: $(cat "$T/out")"
}
users _tfnosuch root
grep -q 'useradd .* _tfnosuch$' "$T/out" || fail "mkusers: $(cat "$T/out")"
grep -q ' root$' "$T/out" && fail 'wants to create root'
id _tfnosuch >/dev/null 2>&1 && fail 'a user was created'
users root root
[ ! -s "$T/out" ] || fail "they are there, but: $(cat "$T/out")"
exit 0
