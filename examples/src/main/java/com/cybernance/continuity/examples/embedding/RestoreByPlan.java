package com.cybernance.continuity.examples.embedding;

import com.cybernance.continuity.Operator;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.restore.Approval;
import com.cybernance.continuity.restore.RestoreGoal;
import com.cybernance.continuity.restore.RestorePlan;
import com.cybernance.continuity.spi.BackupTaker;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.Verifier;
import java.time.Instant;
import java.util.Set;

/** An operator: backups on a schedule, and a restore that somebody reads before it is done. */
public final class RestoreByPlan {
    private RestoreByPlan() {}

    /**
     * Builds one.
     *
     * @param state where runs and drills are recorded
     * @param target shows the restore points of the database
     * @param taker takes its backups
     * @param offsite where they go
     * @param restorer brings it back
     * @param verifier compares what was brought back
     */
    public static Operator operator(
            StateStore state,
            BackupTarget target,
            BackupTaker taker,
            Vault offsite,
            Restorer restorer,
            Verifier verifier) {
        // snippet:operator
        return Operator.of(state)
                .protect("database", target)
                .backups("database", taker)
                .vault(offsite)
                .restorer("database", restorer)
                .verifier("database", verifier)
                .build();
        // end
    }

    /**
     * Plans for the loss of a data centre.
     *
     * @param database as the target names it
     * @param moment the last one that is wanted back
     */
    public static RestorePlan plan(Operator operator, ResourceId database, Instant moment) {
        // snippet:restore-plan
        RestoreGoal goal = RestoreGoal.of(database, RecoverTo.moment(moment), "/srv/restored")
                .without(Factor.DATA_CENTRE, "north")
                .keys(Set.of("recovery-2026"));
        RestorePlan plan = operator.plan("database", goal);
        // end
        return plan;
    }

    /**
     * Restores what was approved.
     *
     * @param approval says by whom
     */
    public static DrillRecord restore(Operator operator, RestorePlan plan, Approval approval) {
        // snippet:restore-run
        operator.unfinished().forEach(operator::resume);
        DrillRecord drill = operator.restore(plan, approval);
        if (!drill.passed()) {
            operator.discard(drill.run());
        }
        // end
        return drill;
    }
}
