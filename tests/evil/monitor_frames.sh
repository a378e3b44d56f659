# deadline: 240
# A hostile monitor sends messages whose form is wrong.
. "${0%/*}/lib.sh"

side_by_side punished short long unknown foreign plan client small zero \
    huge flags max overmax fd nofd fdflood hello2 ready2
exit 0
