package com.cybernance.continuity.testkit.honesty;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.InventorySource;
import com.cybernance.continuity.spi.ReplicationSource;
import com.cybernance.continuity.spi.SettingSource;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A target whose looks tell the truth, a part of it, nothing or nonsense, and that remembers which it was. */
final class RandomTarget implements BackupTarget {
    private final TargetId id;
    private final Seeds seeds;
    private final boolean replicates;
    private final boolean showsSettings;
    Truth truth;
    private final Channel replication = new Channel();
    private final Channel settings = new Channel();
    private final Channel inventory = new Channel();
    private int mostServers;
    private int serversFound;

    /** What the last look through one facet brought. */
    private static final class Channel {
        private Fault fault = Fault.NONE;
        private @Nullable Truth told;
        private long toldAt;
    }

    private enum Fault {
        NONE,
        SILENCE,
        DENIED,
        ERROR,
        PARTIAL,
        BLIND_SPOT,
        EMPTY,
        NULL_FACT,
        FOREIGN_FACT,
        OTHER_THREAD,
        NEVER_COMPLETE
    }

    RandomTarget(String name, Seeds seeds) {
        this.id = TargetId.of(name);
        this.seeds = seeds;
        this.replicates = seeds.chance(95);
        this.showsSettings = seeds.chance(90);
        this.truth = Truth.random(seeds);
    }

    void drawFaults() {
        for (Channel channel : List.of(replication, settings, inventory)) {
            channel.fault = seeds.chance(60) ? Fault.NONE : seeds.pick(Fault.values());
        }
    }

    /** Keeps what the oracle may count on after a look at this moment. */
    void looked(long now) {
        for (Channel channel : List.of(replication, settings, inventory)) {
            if (channel.fault == Fault.SILENCE) {
                continue;
            }
            channel.told = channel.fault == Fault.NONE ? truth : null;
            channel.toldAt = now;
        }
        if (inventory.fault == Fault.NONE || inventory.fault == Fault.BLIND_SPOT) {
            mostServers = Math.max(mostServers, truth.servers());
        }
    }

    boolean replicates() {
        return replicates;
    }

    boolean showsSettings() {
        return showsSettings;
    }

    boolean replicationSeenToHold(long now, Duration age) {
        Truth told = replication.told;
        return told != null
                && fresh(replication, now, age)
                && new Truth(told.primaryCentre(), told.rule(), told.replicas(), 0, told.servers())
                        .everyCommitElsewhere();
    }

    boolean settingsSeenToHold(long now, Duration age) {
        Truth told = settings.told;
        return told != null && fresh(settings, now, age) && told.weakSettings() == 0;
    }

    /** What a partial look finds does exist; only its absence proves nothing. */
    int serversSeen(long now, Duration age) {
        return fresh(inventory, now, age) ? serversFound : 0;
    }

    int mostServers() {
        return mostServers;
    }

    private static boolean fresh(Channel channel, long now, Duration age) {
        return now - channel.toldAt <= age.toNanos();
    }

    @Override
    public TargetId id() {
        return id;
    }

    @Override
    public Optional<ReplicationSource> replication() {
        return replicates
                ? Optional.of((deadline, sink) -> tell(
                        replication.fault,
                        truth.replication(id),
                        truth.replication(TargetId.of("other")),
                        Sink.ALL,
                        sink))
                : Optional.empty();
    }

    @Override
    public Optional<SettingSource> settings() {
        return showsSettings
                ? Optional.of((deadline, sink) -> tell(
                        settings.fault, truth.settings(id), truth.settings(TargetId.of("other")), "durability", sink))
                : Optional.empty();
    }

    @Override
    public Optional<InventorySource> inventory() {
        return Optional.of((deadline, sink) -> {
            if (inventory.fault != Fault.SILENCE) {
                serversFound = 0;
            }
            tell(inventory.fault, items(id), items(TargetId.of("other")), "server", new Counting(sink));
        });
    }

    private List<InventoryItem> items(TargetId of) {
        return IntStream.range(0, truth.servers())
                .mapToObj(i -> new InventoryItem(of.member("server" + i), "server", "a server"))
                .toList();
    }

    private <T> void tell(Fault fault, List<T> facts, List<T> foreign, String scope, Sink<T> sink) throws Exception {
        switch (fault) {
            case SILENCE ->
                throw new ContinuityException(
                        seeds.pick(FailureKind.UNREACHABLE, FailureKind.TIMED_OUT, FailureKind.THROTTLED),
                        "no answer",
                        "wait");
            case DENIED -> throw new ContinuityException(FailureKind.DENIED, "you may not look", "ask for the right");
            case ERROR -> throw new StackOverflowError();
            case PARTIAL -> seeds.shuffled(facts).stream().skip(1).forEach(sink::found);
            case BLIND_SPOT -> {
                facts.forEach(sink::found);
                sink.blind(scope, FailureKind.UNREACHABLE, "a part could not be asked");
                sink.complete(scope);
            }
            case EMPTY -> sink.complete(scope);
            case NULL_FACT -> {
                facts.forEach(sink::found);
                nullFact(sink);
                sink.complete(scope);
            }
            case FOREIGN_FACT -> {
                facts.forEach(sink::found);
                foreign.forEach(sink::found);
                sink.complete(scope);
            }
            case OTHER_THREAD -> {
                Thread other = new Thread(() -> facts.forEach(sink::found));
                other.start();
                other.join();
                sink.complete(scope);
            }
            case NEVER_COMPLETE -> facts.forEach(sink::found);
            case NONE -> {
                facts.forEach(sink::found);
                sink.complete(scope);
            }
        }
    }

    @SuppressWarnings("NullAway") // the point is a provider that breaks its contract
    private static <T> void nullFact(Sink<T> sink) {
        sink.found(null);
    }

    /** Counts the servers that were truly found. */
    private final class Counting implements Sink<InventoryItem> {
        private final Sink<InventoryItem> sink;

        Counting(Sink<InventoryItem> sink) {
            this.sink = sink;
        }

        @Override
        public void found(InventoryItem fact) {
            serversFound++;
            sink.found(fact);
        }

        @Override
        public void blind(String scope, FailureKind kind, String why) {
            sink.blind(scope, kind, why);
        }

        @Override
        public void complete(String scope) {
            sink.complete(scope);
        }

        @Override
        public void asked(com.cybernance.continuity.facts.Observation observation) {
            sink.asked(observation);
        }
    }

    /** What a look at this target met, for the story of a failure. */
    Object said() {
        return new Said(id, truth, replication.fault, settings.fault, inventory.fault);
    }

    private record Said(TargetId id, Truth truth, Fault replication, Fault settings, Fault inventory) {}
}
