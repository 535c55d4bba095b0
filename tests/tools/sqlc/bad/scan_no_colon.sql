-- bad: core 4 scan-ok wants a reason: /* scan-ok: why */

-- many: rec_heavy(weight real)
SELECT id FROM rec /* scan-ok */ WHERE weight > :weight;
