package com.cybernance.continuity.testkit;

import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.ClientProbe;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.InventorySource;
import com.cybernance.continuity.spi.ReplicationSource;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.SettingSource;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.Source;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A target that works until a test breaks one of its facets. Faults may be injected and healed at any time, from any
 * thread; they apply from the next look on.
 *
 * <pre>{@code
 * FaultyTarget target = FaultyTarget.around(real);
 * target.inject(Facet.REPLICATION, Fault.hang());
 * }</pre>
 */
public final class FaultyTarget implements BackupTarget {
    private final BackupTarget real;
    private final Map<Facet<?>, Fault<?>> faults = new ConcurrentHashMap<>();
    private final Optional<ReplicationSource> replication;
    private final Optional<SettingSource> settings;
    private final Optional<InventorySource> inventory;
    private final Optional<ClientProbe> clientProbe;
    private final Optional<RestorePointSource> restorePoints;

    private FaultyTarget(BackupTarget real) {
        this.real = real;
        replication = real.replication().map(it -> (time, sink) -> look(Facet.REPLICATION, it, time, sink));
        settings = real.settings().map(it -> (time, sink) -> look(Facet.SETTINGS, it, time, sink));
        inventory = real.inventory().map(it -> (time, sink) -> look(Facet.INVENTORY, it, time, sink));
        clientProbe = real.clientProbe().map(it -> (time, sink) -> look(Facet.CLIENT_PROBE, it, time, sink));
        restorePoints = real.restorePoints().map(it -> (time, sink) -> look(Facet.RESTORE_POINTS, it, time, sink));
    }

    /** Wraps a target; it has the same id and the same facets. */
    public static FaultyTarget around(BackupTarget real) {
        return new FaultyTarget(real);
    }

    /** Breaks the facet in this way, in place of the way in which it was broken before. */
    public <T> FaultyTarget inject(Facet<T> facet, Fault<T> fault) {
        faults.put(facet, fault);
        return this;
    }

    /** Lets the facet work again. */
    public FaultyTarget heal(Facet<?> facet) {
        faults.remove(facet);
        return this;
    }

    @SuppressWarnings("unchecked") // inject puts in only faults of the facet's own type
    private <T> void look(Facet<T> facet, Source<T> source, Deadline deadline, Sink<T> sink) throws Exception {
        Fault<T> fault = (Fault<T>) faults.get(facet);
        if (fault == null) {
            source.look(deadline, sink);
        } else {
            fault.look(source, deadline, sink);
        }
    }

    @Override
    public TargetId id() {
        return real.id();
    }

    @Override
    public Optional<ReplicationSource> replication() {
        return replication;
    }

    @Override
    public Optional<SettingSource> settings() {
        return settings;
    }

    @Override
    public Optional<InventorySource> inventory() {
        return inventory;
    }

    @Override
    public Optional<ClientProbe> clientProbe() {
        return clientProbe;
    }

    @Override
    public Optional<RestorePointSource> restorePoints() {
        return restorePoints;
    }
}
