# deadline: 240
# A hostile monitor asks for what the plan does not name: what cannot be a
# mistake of a moment ends it.
. "${0%/*}/lib.sh"

side_by_side punished task_past task_huge inst_huge run0 run_past run_task \
    sig0 sig65 sig255 sig_usr1 sig_stop note_past note_long \
    count_past count_huge mode mode0 \
    all_stopped all_reset
exit 0
