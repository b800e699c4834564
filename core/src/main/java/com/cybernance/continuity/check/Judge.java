package com.cybernance.continuity.check;

import com.cybernance.continuity.policy.Objective;

/** Judges one kind of objective. Pure. */
@FunctionalInterface
interface Judge<O extends Objective> {
    Opinion judge(O objective, Question question);
}
