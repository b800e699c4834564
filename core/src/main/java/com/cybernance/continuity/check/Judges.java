package com.cybernance.continuity.check;

import com.cybernance.continuity.policy.Attested;
import com.cybernance.continuity.policy.AutomaticFailover;
import com.cybernance.continuity.policy.Continuous;
import com.cybernance.continuity.policy.Copies;
import com.cybernance.continuity.policy.DeferredWork;
import com.cybernance.continuity.policy.Every;
import com.cybernance.continuity.policy.ExportOnTermination;
import com.cybernance.continuity.policy.Headroom;
import com.cybernance.continuity.policy.Hosted;
import com.cybernance.continuity.policy.Inventory;
import com.cybernance.continuity.policy.LastResort;
import com.cybernance.continuity.policy.Objective;
import com.cybernance.continuity.policy.Rebuildable;
import com.cybernance.continuity.policy.Redundant;
import com.cybernance.continuity.policy.Restorable;
import com.cybernance.continuity.policy.Retain;
import com.cybernance.continuity.policy.Rpo;
import com.cybernance.continuity.policy.Standby;
import com.cybernance.continuity.policy.Stateless;
import com.cybernance.continuity.policy.SynchronousReplica;
import java.util.HashMap;
import java.util.Map;

/** Which judge knows which objective. */
final class Judges {
    private static final Map<Class<?>, Judge<?>> BY_OBJECTIVE = new HashMap<>();

    static {
        know(SynchronousReplica.class, new SynchronousReplicaJudge());
        know(AutomaticFailover.class, new AutomaticFailoverJudge());
        know(Inventory.class, new InventoryJudge());
        know(Every.class, new EveryJudge());
        know(Attested.class, new AttestedJudge());
        know(Rpo.class, new RpoJudge());
        know(Continuous.class, new ContinuousJudge());
        know(Restorable.class, new RestorableJudge());

        await(Retain.class, "RestorePointSource", "how long each copy is kept and locked");
        await(Copies.class, "RestorePointSource", "copies that agree, each with its place");
        await(
                LastResort.class,
                "RestorePointSource",
                "a copy that shares nothing with the others, read back at its place");
        await(
                Redundant.class,
                "InstanceSource",
                "the members that serve, where, and what a client keeps when one goes");
        await(Stateless.class, "InstanceSource", "what each server holds beyond its image");
        await(Rebuildable.class, "DeploymentSource", "the image, code and deployment mechanism that ran");
        await(Standby.class, "InstanceSource", "the members that serve and their replication");
        await(Headroom.class, "InstanceSource", "the load of all against the capacity of one");
        await(DeferredWork.class, "WorkSource", "the background jobs by id and state");
        await(Hosted.class, "InventorySource", "the vendor's own word on what it hosts");
        await(ExportOnTermination.class, "TenantDataSource", "one tenant's rows from one snapshot");
    }

    private Judges() {}

    @SuppressWarnings("unchecked") // know() pairs each class with a judge of that class
    static <O extends Objective> Opinion judge(O objective, Question question) {
        Judge<O> judge = (Judge<O>) BY_OBJECTIVE.get(objective.getClass());
        if (judge == null) {
            return Opinion.unknown(
                    "no judge knows the objective '%s'".formatted(objective.word()),
                    "use one of the objectives of this library");
        }
        return judge.judge(objective, question);
    }

    private static <O extends Objective> void know(Class<O> objective, Judge<O> judge) {
        BY_OBJECTIVE.put(objective, judge);
    }

    private static <O extends Objective> void await(Class<O> objective, String facet, String what) {
        know(objective, new Awaiting<>(facet, what));
    }
}
