package com.cybernance.continuity.testkit;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.ClientProbe;
import com.cybernance.continuity.spi.InventorySource;
import com.cybernance.continuity.spi.ReplicationSource;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.SettingSource;
import com.cybernance.continuity.spi.Sink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A target that sees everything and does everything right. */
final class QuietTarget implements BackupTarget {
    static final TargetId ID = TargetId.of("quiet:orders");
    static final Instant NIGHT = Instant.parse("2026-11-23T02:00:00Z");
    static final Observation ASKED =
            new Observation("tester", "localhost", "look", Optional.empty(), "0123456789abcdef".repeat(4));

    static final ReplicaState PRIMARY = replica("north", Role.PRIMARY, Mode.PRIMARY, 0, 0, 0);
    static final ReplicaState STANDBY = replica("south", Role.REPLICA, Mode.QUORUM, 0, 8, 16);
    static final ReplicaState OTHER_STANDBY = replica("west", Role.REPLICA, Mode.QUORUM, 8, 16, 24);
    static final Setting DURABLE =
            new Setting(ID.member("north"), Setting.Kind.DURABILITY, "fsync", "on", "on", Setting.Effect.KEEPS);
    static final Setting SPACE = new Setting(
            ID.member("north"), Setting.Kind.CAPACITY, "free space", "40 GiB", "at least 10 GiB", Setting.Effect.KEEPS);
    static final InventoryItem SERVER = new InventoryItem(ID.member("north"), "database-server", "orders, north");
    static final InventoryItem BALANCER = new InventoryItem(ID.member("front"), "load-balancer", "the front");
    static final ClientOutcome WROTE = new ClientOutcome(
            ID.member("north"),
            ClientOutcome.Result.WROTE,
            Optional.of(Duration.ofMillis(2)),
            Optional.of(Duration.ofMillis(4)),
            "north answered");
    static final RestorePoint POINT = point("one", NIGHT);
    static final RestorePoint NEXT_POINT = point("two", NIGHT.plus(Duration.ofDays(1)));

    private final ReplicationSource replication = (time, sink) -> {
        sink.asked(ASKED);
        List.of(PRIMARY, STANDBY, OTHER_STANDBY).forEach(sink::found);
        sink.complete(Sink.ALL);
    };
    private final SettingSource settings = (time, sink) -> {
        sink.asked(ASKED);
        sink.found(DURABLE);
        sink.complete("durability");
        sink.found(SPACE);
        sink.complete("capacity");
    };
    private final InventorySource inventory = (time, sink) -> {
        sink.asked(ASKED);
        sink.found(SERVER);
        sink.complete("database-server");
        sink.found(BALANCER);
        sink.complete("load-balancer");
        sink.complete("redis-server");
    };
    private final ClientProbe clientProbe = (time, sink) -> {
        sink.asked(ASKED);
        sink.found(WROTE);
        sink.complete(Sink.ALL);
    };
    private final RestorePointSource restorePoints = (time, sink) -> {
        sink.asked(ASKED);
        sink.found(POINT);
        sink.found(NEXT_POINT);
        sink.complete(Sink.ALL);
    };

    static ReplicaState replica(String name, Role role, Mode mode, long write, long flush, long replay) {
        return new ReplicaState(
                ID.member(name),
                role,
                mode,
                mode == Mode.QUORUM ? 1 : 0,
                Link.CURRENT,
                Place.declared(Factor.DATA_CENTRE, name, "the test"),
                Lag.ofBytes(write),
                Lag.ofBytes(flush),
                Lag.ofBytes(replay),
                "streaming");
    }

    static RestorePoint point(String id, Instant moment) {
        ResourceId orders = ID.member("orders");
        return RestorePoint.at(moment, id, orders, new Copy("disk", Place.UNKNOWN, Copy.State.TAKEN, moment));
    }

    @Override
    public TargetId id() {
        return ID;
    }

    @Override
    public Optional<ReplicationSource> replication() {
        return Optional.of(replication);
    }

    @Override
    public Optional<SettingSource> settings() {
        return Optional.of(settings);
    }

    @Override
    public Optional<InventorySource> inventory() {
        return Optional.of(inventory);
    }

    @Override
    public Optional<ClientProbe> clientProbe() {
        return Optional.of(clientProbe);
    }

    @Override
    public Optional<RestorePointSource> restorePoints() {
        return Optional.of(restorePoints);
    }
}
