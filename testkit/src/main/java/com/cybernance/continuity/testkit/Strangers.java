package com.cybernance.continuity.testkit;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.TargetId;

/** Facts as they would be if they were about another target. */
final class Strangers {
    private Strangers() {}

    @SuppressWarnings("unchecked") // each branch returns the class that it was given
    static <T> T about(TargetId other, T fact) {
        return (T) changed(other, fact);
    }

    private static Object changed(TargetId other, Object fact) {
        if (fact instanceof ReplicaState f) {
            return new ReplicaState(
                    moved(other, f.id()),
                    f.role(),
                    f.mode(),
                    f.waitsFor(),
                    f.link(),
                    f.place(),
                    f.write(),
                    f.flush(),
                    f.replay(),
                    f.detail());
        } else if (fact instanceof Setting f) {
            return new Setting(moved(other, f.id()), f.kind(), f.name(), f.observed(), f.needed(), f.effect());
        } else if (fact instanceof InventoryItem f) {
            return new InventoryItem(moved(other, f.id()), f.kind(), f.description());
        } else if (fact instanceof ClientOutcome f) {
            return new ClientOutcome(moved(other, f.id()), f.result(), f.connect(), f.write(), f.detail());
        } else if (fact instanceof RestorePoint f) {
            return new RestorePoint(
                    f.id(),
                    moved(other, f.resource()),
                    f.lineage(),
                    f.earliest(),
                    f.latest(),
                    f.copies(),
                    f.requires());
        }
        throw new IllegalArgumentException("facts of %s are not known here".formatted(fact.getClass()));
    }

    private static ResourceId moved(TargetId other, ResourceId id) {
        return other.member(id.member());
    }
}
