package com.cybernance.continuity.postgres.recover;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Restores a PostgreSQL cluster from a vault into an empty directory and starts a server on it, on the loopback interface
 * alone, with archiving off and a timeline of its own. The destination is an absolute path of an empty or absent
 * directory; the data directory is {@code data} below it. The copy to restore from is named after its vault.
 *
 * <p>Steps: {@code check} reads the vault's listing and refuses what cannot succeed; {@code base} unpacks; {@code log} puts
 * the log files together; {@code recover} starts the server and replays up to the target, where it stands still and can be
 * read; {@code promote} lets it take writes. The server runs on when this process ends.
 *
 * <p>Results: {@code host}, {@code port}, {@code data}, {@code position} (the end of the last record replayed),
 * {@code reached} (the time of the last commit replayed, {@code ""} when there was none), {@code lineage.timeline}, and
 * {@code target.*} as planned; {@code log.passed-over} names the pieces of the log that could not be used where others hold
 * the same. Thread-safe.
 */
public final class PostgresRestorer implements Restorer {
    private static final List<String> STEPS = RestoreSteps.NAMES;
    private static final int ENDING_SECONDS = 60;

    private final Map<String, Vault> vaults;
    private final RestoreSteps steps;
    private final RestoreDisk disk;
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();

    private PostgresRestorer(Builder built, Connections connections) {
        this.vaults = Map.copyOf(built.vaults);
        this.steps = new RestoreSteps(
                new Programs(built.programs, built.prefix),
                connections,
                built.ports,
                new LinkedHashMap<>(built.settings),
                built.access,
                built.resolver);
        this.disk = built.disk;
    }

    /** Begins to put a restorer together. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public List<String> steps(RestoreRequest request) {
        Destination.of(request.destination(), "any", disk);
        vault(request);
        PointId.parse(request.point().id());
        return STEPS;
    }

    @Override
    public void begin(String run, RestoreRequest request, String step, Map<String, String> earlier) {
        Destination destination = destination(run, request);
        int number = STEPS.indexOf(step);
        if (number < 0) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED, "no step '%s'".formatted(step), "the steps are " + STEPS);
        }
        noted(destination, "check").ifPresent(checked -> RestoreSteps.requireSame(request, checked));
        jobs.compute(key(run, step), (key, there) -> {
            if ((there != null && there.isRunning()) || noted(destination, step).isPresent()) {
                return there;
            }
            if (number > 0 && noted(destination, STEPS.get(number - 1)).isEmpty()) {
                throw new ContinuityException(
                        FailureKind.CONFLICT,
                        "step %s of run %s cannot begin: step %s is not done in %s"
                                .formatted(step, run, STEPS.get(number - 1), destination.root()),
                        "begin the steps in their order");
            }
            Vault vault = vault(request);
            return Job.start("restore-" + run + "-" + step, job -> {
                Map<String, String> results = steps.carryOut(job, step, request, destination, vault);
                destination.note(step, results);
                return results;
            });
        });
    }

    @Override
    public Progress poll(String run, RestoreRequest request, String step) {
        Job job = jobs.get(key(run, step));
        if (job != null && job.progress().state() != Progress.State.DONE) {
            return job.progress();
        }
        return noted(destination(run, request), step)
                .map(results -> Progress.done(step + " done", results))
                .orElseGet(Progress::absent);
    }

    @Override
    public void discard(String run, RestoreRequest request) {
        Destination destination = destination(run, request);
        for (String step : STEPS) {
            Job job = jobs.get(key(run, step));
            if (job != null) {
                job.end(ENDING_SECONDS);
            }
        }
        try {
            if (destination.isOwn()) {
                Optional<Map<String, String>> checked = destination.noted("check");
                if (checked.isPresent()) {
                    steps.server(destination, checked.get()).stop();
                }
                destination.remove();
            }
        } catch (IOException e) {
            throw Words.of("discarding run %s in %s".formatted(run, destination.root()), e);
        }
        STEPS.forEach(step -> jobs.remove(key(run, step)));
    }

    private Vault vault(RestoreRequest request) {
        @Nullable Vault vault = vaults.get(request.copy());
        if (vault == null) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "no vault for copy '%s' of restore point %s"
                            .formatted(request.copy(), request.point().id()),
                    "give the restorer the vault of that name; it has " + new TreeMap<>(vaults).keySet());
        }
        return vault;
    }

    private Destination destination(String run, RestoreRequest request) {
        return Destination.of(request.destination(), run, disk);
    }

    private static Optional<Map<String, String>> noted(Destination destination, String step) {
        try {
            return destination.noted(step);
        } catch (IOException e) {
            throw Words.of("reading what was done in " + destination.root(), e);
        }
    }

    private static String key(String run, String step) {
        return run + "/" + step;
    }

    /** Everything that a restorer needs. Only what is named here is used; nothing is guessed. */
    public static final class Builder {
        private final Map<String, Vault> vaults = new LinkedHashMap<>();
        private final Map<Integer, Path> programs = new LinkedHashMap<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private List<String> prefix = List.of();
        private List<String> access = List.of("host all all 127.0.0.1/32 scram-sha-256");
        private IntSupplier ports = RestoredServer::freePort;
        private TargetResolver resolver = LogTargets::resolve;
        private RestoreDisk disk = new LocalRestoreDisk();
        private @Nullable Connections connections;

        private Builder() {}

        /** A vault to restore from; copies are named after it. */
        public Builder vault(Vault vault) {
            vaults.put(vault.name(), requireNonNull(vault, "vault"));
            return this;
        }

        /** The directory of {@code postgres} and {@code pg_ctl} of a major version, such as 17. */
        public Builder programs(int major, Path directory) {
            programs.put(major, requireNonNull(directory, "directory"));
            return this;
        }

        /** What every command begins with, such as {@code unshare -U} where this process is root. The files stay ours. */
        public Builder launchedBy(List<String> words) {
            prefix = List.copyOf(words);
            return this;
        }

        /** How to reach the restored server as a superuser. Required. */
        public Builder connections(Connections way) {
            connections = requireNonNull(way, "way");
            return this;
        }

        /** Where to take a port from that is free on the loopback interface; by default the system chooses. */
        public Builder ports(IntSupplier free) {
            ports = requireNonNull(free, "free");
            return this;
        }

        /** A setting of the restored server. What keeps it apart from the world cannot be overruled. */
        public Builder setting(String name, String value) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*") || value.chars().anyMatch(each -> each < ' ')) {
                throw new IllegalArgumentException("no setting: " + name);
            }
            settings.put(name.toLowerCase(Locale.ROOT), value);
            return this;
        }

        /** The lines of the restored server's {@code pg_hba.conf}; by default passwords (SCRAM) over the loopback. */
        public Builder access(List<String> lines) {
            access = List.copyOf(lines);
            return this;
        }

        Builder resolver(TargetResolver other) {
            resolver = other;
            return this;
        }

        Builder disk(RestoreDisk other) {
            disk = other;
            return this;
        }

        /**
         * The restorer, which does nothing yet.
         *
         * @throws ContinuityException of kind {@code MISCONFIGURED} when something required is missing
         */
        public PostgresRestorer build() {
            @Nullable Connections way = connections;
            if (vaults.isEmpty() || programs.isEmpty() || way == null) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "a restorer with %d vaults, %d versions of programs and %s connections"
                                .formatted(vaults.size(), programs.size(), way == null ? "no" : "with"),
                        "give it at least one vault, one directory of programs, and connections");
            }
            return new PostgresRestorer(this, way);
        }
    }
}
