package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.postgres.backup.PostgresBackups;
import com.cybernance.continuity.postgres.backup.Restored;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.postgres.points.VaultedPoints;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.vault.DirectoryVault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The parts of the product together: a backup taken, found as a restore point, verified in its vault, restored, compared. */
class RealBackupTest {
    @Test
    void restore_ofABackupThatWasTakenByUs_isWhole() throws Exception {
        try (Source source = new Source()) {
            takeAndRestore(source);
        }
    }

    @Tag("bar")
    @ParameterizedTest
    @ValueSource(ints = {15, 16, 18})
    void restore_onEveryVersion_isWhole(int major) throws Exception {
        try (Source source = new Source(major)) {
            assertThat(source.server().query("SHOW server_version_num")).startsWith(Integer.toString(major));
            takeAndRestore(source);
        }
    }

    private static void takeAndRestore(Source source) throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            source.commit(20);
            Apart apart = Apart.make(source);
            DirectoryVault vault = DirectoryVault.initialize("north", source.directory("vault"));
            Progress taken = take(source, vault, executor);
            assertThat(taken.state()).as(taken.toString()).isEqualTo(Progress.State.DONE);
            String system = source.server().query("SELECT system_identifier::text FROM pg_control_system()");

            RestorePoint point = point(vault, system);
            assertThat(VaultVerifier.of(vault)
                            .verify(system, PointId.parse(point.id()).backup()))
                    .isEmpty();
            RestoreRequest request = new RestoreRequest(
                    point,
                    "north",
                    RecoverTo.moment(point.latest()),
                    source.directory("restored").toString());
            PostgresRestorer restorer = source.restorer(vault).build();
            Map<String, String> results = new TreeMap<>(Source.run(restorer, "real", request));

            assertThat(source.ledger(results)).isEqualTo(rows(20));
            Comparison comparison = PostgresVerifier.of(source::way, List.of())
                    .compare("real", request, results, () -> Duration.ofMinutes(5));
            assertThat(comparison.passed()).as(comparison.toString()).isTrue();
            apart.requireRestored(source, request, results);
            restorer.discard("real", request);
            apart.requireUntouched();
            refusesToReplayIntoTheSourcesTablespace(source, vault, taken);
        } finally {
            executor.shutdownNow();
        }
    }

    /** Made after the backup, it is made by replay at the source's place. */
    private static void refusesToReplayIntoTheSourcesTablespace(Source source, DirectoryVault vault, Progress taken)
            throws Exception {
        BackupRecord backup =
                Restored.record(vault, Objects.requireNonNull(taken.results().get("record")));
        Path later = Files.createDirectory(source.directory("later"));
        source.server().execute("CREATE TABLESPACE later LOCATION '%s'".formatted(later));
        source.commit(1);
        new PlainBackup(source.server(), vault)
                .log(Seeds.of(3), 1, backup.start().segmentStart(PlainBackup.SEGMENT), source.flushed());
        PostgresRestorer restorer = source.restorer(vault).build();
        RestoreRequest latest = source.request(backup, vault, RecoverTo.latest(), source.directory("over-the-source"));

        restorer.begin("later", latest, "check", Map.of());
        Progress refused = Source.ended(restorer, "later", latest, "check");

        assertThat(refused.failure()).as(refused.toString()).contains(FailureKind.CONFLICT);
        assertThat(refused.detail()).contains("the log makes tablespace", later.toString());
        assertThat(Path.of(latest.destination())).doesNotExist();
        RestoreRequest before =
                source.request(backup, vault, RecoverTo.moment(backup.stoppedAt()), source.directory("before-it"));
        Source.step(restorer, "before", before, "check", Map.of());
        restorer.discard("before", before);
    }

    static Progress take(Source source, DirectoryVault vault, ExecutorService executor) {
        PGSimpleDataSource replicator = (PGSimpleDataSource) source.server().dataSource("replicator");
        String url =
                "jdbc:postgresql://127.0.0.1:%d/app".formatted(source.server().port());
        try (PostgresBackups backups = PostgresBackups.of(url, () -> {
                    Properties properties = new Properties();
                    properties.setProperty("user", "replicator");
                    properties.setProperty("password", String.valueOf(replicator.getPassword()));
                    return properties;
                })
                .build(executor, System::nanoTime)) {
            backups.begin("slot", vault);
            Progress progress = backups.poll("slot", vault);
            for (int i = 0; progress.state() == Progress.State.RUNNING && i < 12_000; i++) {
                Source.pause();
                progress = backups.poll("slot", vault);
            }
            return progress;
        }
    }

    static RestorePoint point(DirectoryVault vault, String system) {
        List<RestorePoint> points = new ArrayList<>();
        List<String> blind = new ArrayList<>();
        VaultedPoints.of(new ResourceId(Source.TARGET, "main"), system, Map.of(vault, Place.UNKNOWN))
                .look(() -> Duration.ofMinutes(1), new Sink<>() {
                    @Override
                    public void found(RestorePoint fact) {
                        points.add(fact);
                    }

                    @Override
                    public void blind(String scope, FailureKind kind, String why) {
                        blind.add(why);
                    }

                    @Override
                    public void complete(String scope) {}

                    @Override
                    public void asked(Observation observation) {}
                });
        assertThat(blind).isEmpty();
        assertThat(points).hasSize(1);
        return points.get(0);
    }

    static Set<Long> rows(long count) {
        Set<Long> rows = new TreeSet<>();
        for (long seq = 1; seq <= count; seq++) {
            rows.add(seq);
        }
        return rows;
    }
}
