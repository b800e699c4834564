package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Setting;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One thing that a target may be able to see, as a value: how to reach it, and which member each fact is about.
 *
 * @param <T> the facts that are seen
 */
public final class Facet<T> {
    public static final Facet<ReplicaState> REPLICATION =
            new Facet<>("ReplicationSource", ReplicaState.class, BackupTarget::replication, ReplicaState::id);
    public static final Facet<Setting> SETTINGS =
            new Facet<>("SettingSource", Setting.class, BackupTarget::settings, Setting::id);
    public static final Facet<InventoryItem> INVENTORY =
            new Facet<>("InventorySource", InventoryItem.class, BackupTarget::inventory, InventoryItem::id);
    public static final Facet<ClientOutcome> CLIENT_PROBE =
            new Facet<>("ClientProbe", ClientOutcome.class, BackupTarget::clientProbe, ClientOutcome::id);
    public static final Facet<RestorePoint> RESTORE_POINTS =
            new Facet<>("RestorePointSource", RestorePoint.class, BackupTarget::restorePoints, RestorePoint::resource);

    /** Every facet, in the order in which they are looked at. */
    public static final List<Facet<?>> ALL = List.of(REPLICATION, SETTINGS, INVENTORY, CLIENT_PROBE, RESTORE_POINTS);

    private final String name;
    private final Class<T> factType;
    private final Function<BackupTarget, Optional<? extends Source<T>>> reach;
    private final Function<T, ResourceId> member;

    private Facet(
            String name,
            Class<T> factType,
            Function<BackupTarget, Optional<? extends Source<T>>> reach,
            Function<T, ResourceId> member) {
        this.name = name;
        this.factType = factType;
        this.reach = reach;
        this.member = member;
    }

    /** The name of the interface that a provider implements. */
    public String name() {
        return name;
    }

    public Class<T> factType() {
        return factType;
    }

    /** The target's implementation, or empty when the target cannot see this. */
    public Optional<? extends Source<T>> of(BackupTarget target) {
        return reach.apply(target);
    }

    /** The member that a fact is about. */
    public ResourceId memberOf(T fact) {
        return member.apply(fact);
    }

    @Override
    public String toString() {
        return name;
    }
}
