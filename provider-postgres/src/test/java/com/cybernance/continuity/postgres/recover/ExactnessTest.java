package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.postgres.points.VaultedPoints;
import com.cybernance.continuity.restore.RestoreGoal;
import com.cybernance.continuity.restore.RestorePlan;
import com.cybernance.continuity.restore.RestorePlanner;
import com.cybernance.continuity.restore.UnreachableException;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Moments of chance over three timelines, of which two were left while their server went on writing: each is planned from
 * the vault alone and restored to the transaction, or refused before anything is written. What is right is told by the
 * servers themselves ({@link Told}) and the rule of the format's page ({@link Forks}); the product's reader of the log has
 * no say in it.
 */
class ExactnessTest {
    private static final int TARGETS = 200;
    private static final int AT_ONCE = 2;

    /** What a moment is aimed at; each run of eleven has one of each, and ten have all but the first. */
    private enum Aim {
        ANY,
        SMALL_INVERSION,
        INVERSION,
        BUSY,
        IDLE,
        INSIDE_BACKUP,
        BEHIND_BACKUP,
        FORK,
        TAIL,
        PREPARED_OR_NESTED,
        OUTSIDE
    }

    /**
     * A moment to restore to.
     *
     * @param lineage which of several lineages is named where the plan asks for one; 0 to name none
     */
    private record Shot(int number, Aim aim, Instant moment, int lineage, String seed) {}

    private static Forks forks;
    private static Duration built;

    private final Map<String, Integer> outcomes = new TreeMap<>();

    @BeforeAll
    static void build() throws Exception {
        long begun = System.nanoTime();
        forks = new Forks(Seeds.of(20_261_123));
        built = Duration.ofNanos(System.nanoTime() - begun);
    }

    @AfterAll
    static void close() {
        forks.close();
    }

    @Test
    void restore_toAnyMoment_isExactToTheTransaction_orRefusedBeforehand() throws Exception {
        long begun = System.nanoTime();
        assertThat(forks.inversions()).as("commits out of order").isNotEmpty();
        if (Seeds.runs(TARGETS) == TARGETS) {
            // A machine that many share brings commits out of order by whole time slices, and hardly ever by less.
            assertThat(forks.smallInversions()).as("by less than a millisecond").isNotEmpty();
        }
        assertThat(forks.abandoned()).as("commits that were left behind").hasSizeGreaterThan(20);
        List<Shot> shots = new ArrayList<>();
        Seeds.check(TARGETS, seeds -> shots.add(aim(forks, seeds, shots.size() + 1)));
        shoot(new Range(forks, forks.vault(), forks.backups()), shots);
        System.out.printf(
                "%d targets: %d exact, %d refused beforehand, 0 wrong: %s; %d commits on 3 timelines, %d of them out of"
                        + " order by at most %d us, %d by less than a millisecond, %d left behind; %d s for the"
                        + " servers, %d s for the targets%n",
                shots.size(),
                count("exact"),
                count("refused"),
                outcomes,
                forks.told().size(),
                forks.inversions().size(),
                forks.inversions().stream()
                        .mapToLong(each -> each.by().toNanos() / 1_000)
                        .max()
                        .orElse(0),
                forks.smallInversions().size(),
                forks.abandoned().size(),
                built.toSeconds(),
                Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        assertThat(shots.stream().filter(each -> each.aim() == Aim.SMALL_INVERSION))
                .as("moments between two commits that are out of order by less than a millisecond")
                .isNotEmpty();
        assertThat(count("exact")).as("%s", outcomes).isGreaterThan(count("refused"));
        if (Seeds.runs(TARGETS) == TARGETS) {
            // Of a few targets every one may be reachable.
            assertThat(count("refused")).as("%s", outcomes).isPositive();
        }
    }

    /**
     * A slow end of a backup: its record says that it stopped when some commits behind its stop were done already. From
     * the oldest of these on every moment is reached, though it lies before the end that the record tells.
     */
    @Test
    void restore_toAMomentBetweenTheOldestCommitBehindTheStopAndTheRecordedEnd_isExact_andOneBeforeBothIsRefused()
            throws Exception {
        BackupRecord backup = forks.backups().get(0);
        List<Told> behind = forks.onTheWay(backup.timeline()).stream()
                .filter(each -> !each.start().isBefore(backup.stop()))
                .toList();
        Instant oldest =
                behind.stream().map(Told::at).min(Comparator.naturalOrder()).orElseThrow();
        Instant between = behind.get(2).at();
        BackupRecord slow = stoppedAt(backup, between.plusMillis(1));
        MemoryVault vault = forks.vault().copy("north");
        vault.objects().keySet().removeIf(each -> each.endsWith("/backup.json"));
        vault.put(new Cluster(slow.system()).base(slow.id()) + "backup.json", RecordJson.write(slow));
        assertThat(oldest).isBefore(slow.stoppedAt());

        Range range = new Range(forks, vault, List.of(slow));
        Instant before = oldest.minus(1, ChronoUnit.MICROS);
        assertThat(range.restore(new Shot(1_001, Aim.BEHIND_BACKUP, before, 0, "")))
                .startsWith("refused: no backup and log reach it");
        assertThat(range.restore(new Shot(1_002, Aim.BEHIND_BACKUP, oldest, 0, "")))
                .startsWith("exact");
        assertThat(range.check(new Shot(1_003, Aim.BEHIND_BACKUP, between, 0, "")))
                .isEqualTo(Progress.State.DONE);
    }

    private static BackupRecord stoppedAt(BackupRecord backup, Instant stopped) {
        return new BackupRecord(
                backup.id(),
                backup.system(),
                backup.version(),
                backup.timeline(),
                backup.start(),
                backup.stop(),
                backup.startedAt(),
                stopped,
                backup.slot(),
                backup.label(),
                backup.pageChecksums(),
                backup.pagesChecked(),
                backup.segmentSize(),
                backup.method(),
                backup.objects(),
                backup.tablespaces());
    }

    private int count(String outcome) {
        return outcomes.entrySet().stream()
                .filter(each -> each.getKey().startsWith(outcome))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private void shoot(Range range, List<Shot> shots) throws InterruptedException {
        ExecutorService two = Executors.newFixedThreadPool(AT_ONCE);
        try {
            Map<Shot, Future<String>> all = new java.util.LinkedHashMap<>();
            shots.forEach(shot -> all.put(shot, two.submit(() -> range.restore(shot))));
            for (Map.Entry<Shot, Future<String>> each : all.entrySet()) {
                outcomes.merge(each.getValue().get(), 1, Integer::sum);
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            two.shutdownNow();
        }
    }

    private static Shot aim(Forks forks, Seeds seeds, int number) {
        Aim aim = Aim.values()[number % Aim.values().length];
        Instant moment = moment(forks, seeds, aim).truncatedTo(ChronoUnit.MICROS);
        return new Shot(number, aim, moment, seeds.chance(70) ? seeds.between(1, 3) : 0, seeds.toString());
    }

    private static Instant moment(Forks forks, Seeds seeds, Aim aim) {
        List<Told> all = forks.told();
        Instant first =
                all.stream().map(Told::at).min(Comparator.naturalOrder()).orElseThrow();
        Instant last = all.stream().map(Told::at).max(Comparator.naturalOrder()).orElseThrow();
        BackupRecord backup = seeds.pick(forks.backups());
        return switch (aim) {
            case SMALL_INVERSION -> {
                List<Forks.Inversion> small = forks.smallInversions();
                Forks.Inversion inversion = seeds.pick(small.isEmpty() ? forks.inversions() : small);
                yield seeds.instant(
                        inversion.second().at(), inversion.first().at().minus(1, ChronoUnit.MICROS));
            }
            case INVERSION -> {
                Forks.Inversion inversion = seeds.pick(forks.inversions());
                yield seeds.instant(inversion.second().at(), inversion.first().at());
            }
            case BUSY -> near(seeds, seeds.pick(all));
            case IDLE -> gap(seeds, all);
            case INSIDE_BACKUP -> seeds.instant(backup.startedAt(), backup.stoppedAt());
            case BEHIND_BACKUP ->
                near(
                        seeds,
                        seeds.pick(all.stream()
                                .filter(each -> each.timeline() == backup.timeline()
                                        && !each.end().isBefore(backup.stop()))
                                .limit(3)
                                .toList()));
            case FORK -> near(seeds, seeds.pick(forks.aroundForks()));
            case TAIL -> near(seeds, seeds.pick(forks.abandoned()));
            case PREPARED_OR_NESTED ->
                near(
                        seeds,
                        seeds.pick(all.stream()
                                .filter(each -> each.shape() != Told.Shape.PLAIN)
                                .toList()));
            case OUTSIDE ->
                seeds.chance(50)
                        ? first.minus(seeds.duration(Duration.ofMillis(300)))
                        : last.plus(seeds.duration(Duration.ofMillis(300)));
            case ANY -> seeds.instant(first.minusMillis(50), last.plusMillis(50));
        };
    }

    private static Instant near(Seeds seeds, Told commit) {
        return commit.at().plus(seeds.between(-1, 1), ChronoUnit.MICROS);
    }

    /** In one of the ten longest rests. */
    private static Instant gap(Seeds seeds, List<Told> all) {
        List<Instant> times = all.stream().map(Told::at).sorted().toList();
        List<Integer> longest = java.util.stream.IntStream.range(1, times.size())
                .boxed()
                .sorted(Comparator.comparing(i -> Duration.between(times.get(i), times.get(i - 1))))
                .limit(10)
                .toList();
        int behind = seeds.pick(longest);
        return seeds.instant(times.get(behind - 1), times.get(behind));
    }

    /** Where shots are fired: one vault, seen once, and one restorer. Thread-safe. */
    private static final class Range {
        private final Forks forks;
        private final MemoryVault vault;
        private final List<BackupRecord> backups;
        private final PostgresRestorer restorer;
        private final Sighting<RestorePoint> seen;

        Range(Forks forks, MemoryVault vault, List<BackupRecord> backups) {
            this.forks = forks;
            this.vault = vault;
            this.backups = backups;
            this.restorer = forks.restorer(vault);
            this.seen = look(vault, backups.get(0).system());
        }

        /** What the first step says of a moment that can be planned. */
        Progress.State check(Shot shot) {
            RestoreRequest request = plan(goal(shot)).request();
            String run = "check-" + shot.number();
            restorer.begin(run, request, "check", Map.of());
            try {
                return Source.ended(restorer, run, request, "check").state();
            } finally {
                restorer.discard(run, request);
            }
        }

        /** How it ended, in words that are counted. */
        String restore(Shot shot) throws SQLException {
            Set<Integer> right = new TreeSet<>();
            Set<Set<String>> histories = new HashSet<>();
            for (BackupRecord backup : backups) {
                for (int timeline = 1; timeline <= 3; timeline++) {
                    if (forks.reaches(backup, timeline, shot.moment())) {
                        right.add(timeline);
                        histories.add(rows(backup, timeline, shot.moment()));
                    }
                }
            }
            String named = "";
            RestorePlan plan;
            try {
                plan = plan(goal(shot));
                assertThat(histories)
                        .as("%s: the plan chooses a history by itself", shot)
                        .hasSize(1);
            } catch (UnreachableException refused) {
                if (refused.kind() == FailureKind.NOT_FOUND) {
                    assertThat(right).as("%s: %s", shot, refused).isEmpty();
                    refuseAlsoByHand(shot);
                    return "refused: no backup and log reach it";
                }
                assertThat(refused.kind()).isEqualTo(FailureKind.CONFLICT);
                assertThat(histories).as("%s: %s", shot, refused).hasSizeGreaterThan(1);
                if (shot.lineage() == 0) {
                    return "refused: two histories, and none was named";
                }
                List<String> lineages = refused.lineages();
                plan = plan(goal(shot).lineage(lineages.get(shot.lineage() % lineages.size())));
                named = ", in the history that was named";
            }
            exact(shot, plan.request());
            return "exact: " + shot.aim() + named;
        }

        private RestoreGoal goal(Shot shot) {
            return RestoreGoal.of(
                    Source.TARGET.member(backups.get(0).system()),
                    RecoverTo.moment(shot.moment()),
                    destination(shot).toString());
        }

        private RestorePlan plan(RestoreGoal goal) {
            return RestorePlanner.plan(seen, goal, restorer::steps, seen.at());
        }

        private Path destination(Shot shot) {
            return forks.directory("target-" + shot.number());
        }

        private void exact(Shot shot, RestoreRequest request) throws SQLException {
            PointId point = PointId.parse(request.point().id());
            BackupRecord backup = backups.stream()
                    .filter(each -> each.id().equals(point.backup()))
                    .findFirst()
                    .orElseThrow();
            assertThat(forks.reaches(backup, point.timeline(), shot.moment()))
                    .as("%s is planned from %s", shot, point)
                    .isTrue();
            String run = "exact-" + shot.number();
            try {
                Map<String, String> results = Source.run(restorer, run, request);
                assertThat(deeds(results))
                        .as("%s from %s: %s", shot, point, results)
                        .isEqualTo(rows(backup, point.timeline(), shot.moment()));
            } finally {
                restorer.discard(run, request);
            }
            assertThat(destination(shot)).doesNotExist();
        }

        /** Whoever does without the plan is refused by the restorer itself. */
        private void refuseAlsoByHand(Shot shot) {
            for (RestorePoint point : seen.found()) {
                RestoreRequest request = new RestoreRequest(
                        point,
                        vault.name(),
                        RecoverTo.moment(shot.moment()),
                        destination(shot).toString());
                String run = "refused-" + shot.number();
                restorer.begin(run, request, "check", Map.of());
                Progress progress = Source.ended(restorer, run, request, "check");
                assertThat(progress.failure())
                        .as("%s from %s: %s", shot, point.id(), progress)
                        .contains(FailureKind.NOT_FOUND);
                assertThat(destination(shot)).doesNotExist();
                restorer.discard(run, request);
            }
        }

        private Set<String> rows(BackupRecord backup, int timeline, Instant moment) {
            return forks.onTheWay(timeline).subList(0, forks.shown(backup, timeline, moment)).stream()
                    .flatMap(each -> each.rows().stream())
                    .collect(Collectors.toSet());
        }

        private Set<String> deeds(Map<String, String> results) throws SQLException {
            Set<String> rows = new HashSet<>();
            int port = Integer.parseInt(results.getOrDefault("port", "0"));
            try (Connection connection = forks.way("127.0.0.1", port, PostgresServer.DATABASE)
                            .getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet all = statement.executeQuery("SELECT mark::text FROM deeds")) {
                while (all.next()) {
                    rows.add(all.getString(1));
                }
            }
            return rows;
        }
    }

    private static Sighting<RestorePoint> look(MemoryVault vault, String system) {
        List<RestorePoint> found = new ArrayList<>();
        Set<String> complete = new TreeSet<>();
        VaultedPoints.of(Source.TARGET.member(system), system, Map.of(vault, Place.UNKNOWN))
                .look(() -> Duration.ofMinutes(1), new Sink<>() {
                    @Override
                    public void found(RestorePoint fact) {
                        found.add(fact);
                    }

                    @Override
                    public void blind(String scope, FailureKind kind, String why) {
                        throw new AssertionError(scope + ": " + why);
                    }

                    @Override
                    public void complete(String scope) {
                        complete.add(scope);
                    }

                    @Override
                    public void asked(Observation observation) {}
                });
        return new Sighting<>(Instant.EPOCH, found, List.of(), complete, List.of());
    }
}
