package com.cybernance.continuity;

import com.cybernance.continuity.check.Checker;
import com.cybernance.continuity.check.Drilled;
import com.cybernance.continuity.check.Estate;
import com.cybernance.continuity.check.Known;
import com.cybernance.continuity.check.PointHistory;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Subject;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.internal.guard.Guard;
import com.cybernance.continuity.internal.guard.PendingLook;
import com.cybernance.continuity.internal.time.SystemTime;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A policy bound to what it protects. An instance only observes: nothing that it can reach takes a backup, restores,
 * fails over or deletes.
 *
 * <p>Thread-safe. Several instances with different policies live side by side. It starts no work of its own: whoever
 * embeds it calls {@link #check()} from a scheduler of their own.
 *
 * <pre>{@code
 * try (Continuity continuity = Continuity.of(policy).protect("database", target).build()) {
 *     Report report = continuity.check();
 * }
 * }</pre>
 */
public final class Continuity implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final String UNRECORDED = "this check was not recorded: ";

    private final Policy policy;
    private final Estate estate;
    private final Duration lookWithin;
    private final Map<String, List<Bound>> subjects;
    private final InstantSource clock;
    private final Guard guard;
    private final @Nullable ExecutorService owned;
    private final @Nullable Recorder recorder;
    private final DrillBook drills;
    private volatile boolean recalled;
    private volatile boolean closed;

    /** A target with what it has shown; the same one when it is bound to several subjects. */
    private record Bound(TargetId id, BackupTarget target, List<Facet<?>> offers, Memory memory) {}

    private Continuity(Builder builder, Map<String, List<Bound>> subjects) {
        this.policy = builder.policy;
        this.estate = builder.estate;
        this.lookWithin = builder.lookWithin;
        this.clock = builder.clock;
        this.subjects = subjects;
        this.owned = builder.executor == null ? LookThreads.create() : null;
        this.guard = new Guard(
                builder.executor == null ? Objects.requireNonNull(owned) : builder.executor,
                builder.clock,
                builder.ticker);
        this.recorder = builder.state == null ? null : new Recorder(builder.state);
        this.drills = new DrillBook(builder.drills, builder.clock, builder.ticker);
    }

    /** Starts to bind a policy. */
    public static Builder of(Policy policy) {
        return new Builder(policy);
    }

    /**
     * Looks at everything that is bound, all targets at once, and remembers what was seen. A provider that fails, hangs
     * or breaks its contract never makes this fail: what it should have shown is then unknown.
     *
     * @throws ContinuityException of kind {@code INTERRUPTED} when the calling thread is interrupted, whose flag stays
     *     set; of kind {@code CONFLICT} after {@link #close()}
     */
    public void look() {
        if (closed) {
            throw new ContinuityException(
                    FailureKind.CONFLICT, "this instance is closed", "build a new one, or close it later");
        }
        List<Under> looks = new ArrayList<>();
        for (Bound bound : bound()) {
            for (Facet<?> facet : bound.offers()) {
                looks.add(begin(bound, facet));
            }
        }
        drills.read();
        try {
            for (Under look : looks) {
                look.finish();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContinuityException(
                    FailureKind.INTERRUPTED, "the look was interrupted", "look again", interrupted);
        }
    }

    /** A look that is under way and knows where its sighting belongs. */
    @FunctionalInterface
    private interface Under {
        void finish() throws InterruptedException;
    }

    private <T> Under begin(Bound bound, Facet<T> facet) {
        PendingLook<T> look = guard.begin(facet, bound.target(), bound.id(), lookWithin);
        return () -> bound.memory().take(facet, look, look.await());
    }

    /**
     * Judges what was seen so far, without looking again: verdicts age while nobody looks. Pure and quick.
     *
     * <p>The report of an instance that never looked is UNKNOWN in every clause that needs a look.
     */
    public Report report() {
        Map<String, Subject> known = new HashMap<>();
        Drilled drilled = drills.drilled();
        subjects.forEach((name, targets) -> known.put(name, subject(name, targets, drilled)));
        return Checker.judge(policy, estate, known, clock.instant());
    }

    private static Subject subject(String name, List<Bound> targets, Drilled drilled) {
        List<Known<?>> seen = new ArrayList<>();
        List<PointHistory> histories = new ArrayList<>();
        Map<String, Integer> inventory = new HashMap<>();
        for (Bound bound : targets) {
            bound.offers().forEach(facet -> seen.add(bound.memory().known(facet)));
            bound.memory().inventory().forEach((kind, count) -> inventory.merge(kind, count, Integer::sum));
            if (bound.offers().contains(Facet.RESTORE_POINTS)) {
                histories.add(bound.memory().points());
            }
        }
        Optional<Duration> down = targets.stream()
                .flatMap(bound -> bound.memory().clientDownFor().stream())
                .max(Comparator.naturalOrder());
        return new Subject(name, targets.stream().map(Bound::id).toList(), seen, inventory, down, histories, drilled);
    }

    /**
     * Looks, judges, and records the outcome in the state store if there is one. A record that could not be written is
     * a note in the report, not a failure.
     *
     * @throws ContinuityException as {@link #look()} does
     */
    public Report check() {
        List<String> notes = new ArrayList<>();
        recall(notes);
        look();
        Report report = report();
        for (String note : notes) {
            report = report.note(note);
        }
        return recorder == null ? report : record(recorder, report);
    }

    private Report record(Recorder recorder, Report report) {
        Map<String, Map<String, Integer>> inventory = new HashMap<>();
        bound().forEach(bound ->
                inventory.put(bound.id().value(), bound.memory().inventory()));
        try {
            recorder.record(report, inventory);
            return report;
        } catch (ContinuityException failed) {
            return report.note(UNRECORDED + failed.getMessage());
        }
    }

    /** Reads once what earlier runs had found, so that what vanished while nobody looked is missed. */
    private void recall(List<String> notes) {
        if (recalled || recorder == null) {
            return;
        }
        try {
            Map<String, Map<String, Integer>> earlier = recorder.lastInventory(policy.digest());
            bound().forEach(bound -> bound.memory()
                    .recallInventory(earlier.getOrDefault(bound.id().value(), Map.of())));
            recalled = true;
        } catch (ContinuityException failed) {
            notes.add("the records of earlier checks could not be read: " + failed.getMessage());
        }
    }

    private List<Bound> bound() {
        Map<TargetId, Bound> once = new LinkedHashMap<>();
        subjects.values().forEach(list -> list.forEach(each -> once.put(each.id(), each)));
        return List.copyOf(once.values());
    }

    /**
     * Ends what this instance started, within five seconds: its own threads, and its lease on the state store. What was
     * handed to it (targets, executor, state store) stays open.
     */
    @Override
    public void close() {
        closed = true;
        try {
            if (recorder != null) {
                recorder.close(CLOSE_WITHIN.dividedBy(2));
            }
        } finally {
            if (owned != null) {
                LookThreads.end(owned, CLOSE_WITHIN.dividedBy(2));
            }
        }
    }

    /** Binds a policy to targets. Not thread-safe. */
    public static final class Builder {
        private final Policy policy;
        private final Map<String, List<BackupTarget>> targets = new LinkedHashMap<>();
        private Estate estate = Estate.production("production");
        private Duration lookWithin = Duration.ofSeconds(30);
        private InstantSource clock = SystemTime.wall();
        private Ticker ticker = SystemTime.ticker();
        private @Nullable Executor executor;
        private @Nullable StateStore state;
        private @Nullable Supplier<List<DrillRecord>> drills;

        private Builder(Policy policy) {
            this.policy = policy;
        }

        /**
         * Binds a subject of the policy to a target. The same subject may be bound to several targets, and the same
         * target to several subjects.
         *
         * @param subject the word that the clauses use
         */
        public Builder protect(String subject, BackupTarget target) {
            targets.computeIfAbsent(subject, none -> new ArrayList<>()).add(target);
            return this;
        }

        /** Which world this is; production unless said otherwise. */
        public Builder estate(Estate where) {
            this.estate = where;
            return this;
        }

        /** How long one look at everything may take; more than zero, 30 seconds unless said otherwise. */
        public Builder lookWithin(Duration most) {
            this.lookWithin = most;
            return this;
        }

        /**
         * What runs the looks, for example an executor of virtual threads. It should let the looks of all targets run at
         * the same time, and is not closed with the instance. Without one, daemon threads are used and closed.
         */
        public Builder executor(Executor looks) {
            this.executor = looks;
            return this;
        }

        /** The clock that stamps what was seen; the machine's own unless said otherwise. */
        public Builder clock(InstantSource wall) {
            this.clock = wall;
            return this;
        }

        /** What measures ages and deadlines; the machine's own unless said otherwise. */
        public Builder ticker(Ticker monotonic) {
            this.ticker = monotonic;
            return this;
        }

        /** Where completed checks are recorded; nowhere unless said otherwise. It is not closed with the instance. */
        public Builder state(StateStore store) {
            this.state = store;
            return this;
        }

        /**
         * Where the records of drills are read, oldest first; nowhere unless said otherwise. It is asked at each look, and
         * answers within a moment.
         */
        public Builder drills(Supplier<List<DrillRecord>> log) {
            this.drills = log;
            return this;
        }

        /**
         * Does no I/O: what is down shows at the first look.
         *
         * @throws ContinuityException of kind {@code MISCONFIGURED} that names every mistake at once
         */
        public Continuity build() {
            List<String> mistakes = new ArrayList<>();
            Map<String, List<Bound>> subjects = new LinkedHashMap<>();
            Map<TargetId, Bound> byId = new HashMap<>();
            List<String> promised = policy.clauses().stream()
                    .map(clause -> clause.subject())
                    .distinct()
                    .sorted()
                    .toList();
            targets.forEach((subject, bound) -> {
                if (!promised.contains(subject)) {
                    mistakes.add("no clause is about '%s', only about %s".formatted(subject, promised));
                }
                Map<TargetId, Bound> list = new LinkedHashMap<>();
                bound.forEach(target -> bind(target, byId, mistakes).ifPresent(each -> list.put(each.id(), each)));
                subjects.put(subject, List.copyOf(list.values()));
            });
            if (policy.periodScale().isPresent() && estate.kind() != Estate.Kind.REHEARSAL) {
                mistakes.add("its periods are divided by %d, which holds in a rehearsal alone, not in %s"
                        .formatted(policy.periodScale().get(), estate));
            }
            if (lookWithin.isNegative() || lookWithin.isZero()) {
                mistakes.add("lookWithin is %s, not more than zero".formatted(lookWithin));
            }
            if (!mistakes.isEmpty()) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "the policy '%s' cannot be bound: %s".formatted(policy.name(), String.join("; ", mistakes)),
                        "subjects are the words that the clauses use, and each target has an id of its own");
            }
            return new Continuity(this, subjects);
        }

        private Optional<Bound> bind(BackupTarget target, Map<TargetId, Bound> byId, List<String> mistakes) {
            TargetId id = idOf(target);
            if (id == null) {
                mistakes.add("a target of class %s has no id"
                        .formatted(target == null ? "null" : target.getClass().getName()));
                return Optional.empty();
            }
            Bound known = byId.get(id);
            if (known != null && known.target() != target) {
                mistakes.add("two targets have the id '%s'".formatted(id));
                return Optional.empty();
            }
            return Optional.of(byId.computeIfAbsent(
                    id, fresh -> new Bound(id, target, offers(target), new Memory(id, clock, ticker))));
        }

        /** Providers are compiled elsewhere: what they return may be null, whatever the annotations say. */
        private static @Nullable TargetId idOf(@Nullable BackupTarget target) {
            try {
                return target == null ? null : target.id();
            } catch (Throwable thrown) {
                return null;
            }
        }

        private static List<Facet<?>> offers(BackupTarget target) {
            return Facet.ALL.stream().filter(facet -> offered(facet, target)).toList();
        }

        /** A facet method that fails counts as offered, so that the look tells of the failure. */
        private static boolean offered(Facet<?> facet, BackupTarget target) {
            try {
                return facet.of(target).isPresent();
            } catch (Throwable thrown) {
                return true;
            }
        }
    }
}
