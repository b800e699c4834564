package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.testkit.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One source, one backup with log behind it, restored in several ways. */
class PostgresRestorerTest {
    private static final Source SOURCE = new Source();
    private static final MemoryVault VAULT = new MemoryVault("north");

    private static BackupRecord backup;
    private static List<Source.Commit> commits;

    @BeforeAll
    static void backUp() throws Exception {
        Path elsewhere = Files.createDirectory(SOURCE.directory("elsewhere"));
        SOURCE.server().execute("CREATE TABLESPACE apart LOCATION '%s'".formatted(elsewhere));
        SOURCE.server().execute("CREATE TABLE apart (n int) TABLESPACE apart", "INSERT INTO apart VALUES (42)");
        SOURCE.server().execute("CREATE UNLOGGED TABLE unlogged_one (n int)");
        SOURCE.server().execute("CREATE TABLE doomed (n int)", "INSERT INTO doomed VALUES (1)");
        SOURCE.server().execute("CREATE SCHEMA \"odd %s schema\"", "CREATE EXTENSION amcheck SCHEMA \"odd %s schema\"");
        SOURCE.server()
                .execute(
                        "CREATE SUBSCRIPTION taker CONNECTION 'host=127.0.0.1 port=1 dbname=none' PUBLICATION none WITH (connect = false, slot_name = 'taker')",
                        "ALTER SUBSCRIPTION taker ENABLE");
        SOURCE.commit(5);
        PlainBackup plain = new PlainBackup(SOURCE.server(), VAULT);
        backup = plain.take(Seeds.of(1), () -> SOURCE.commit(3));
        SOURCE.commit(20);
        commits = SOURCE.commits(backup.start());
        plain.log(Seeds.of(2), 1, backup.start().segmentStart(PlainBackup.SEGMENT), SOURCE.flushed());
    }

    @AfterAll
    static void close() {
        SOURCE.close();
    }

    @Test
    void restore_toACommit_hasIt_andNothingAfterIt_andALineageOfItsOwn() throws Exception {
        Source.Commit wanted = commits.get(commits.size() - 6);
        PostgresRestorer restorer = restorer(wanted);
        RestoreRequest request = request("to-a-commit");

        Map<String, String> results = Source.run(restorer, "run-1", request);

        assertThat(results)
                .containsEntry("position", wanted.end().toString())
                .containsEntry("reached", wanted.at().toString())
                .containsEntry("lineage.timeline", "2");
        assertThat(SOURCE.ledger(results)).isEqualTo(rowsUpTo(wanted));
        subscribesToNothing(results);
        compareWell(request, results, wanted);
        ServerDefects.inflictAndCompare(SOURCE, request, results);
        restorer.discard("run-1", request);
        assertThat(Path.of(request.destination())).doesNotExist();
    }

    @Test
    void begin_afterTheProcessForgotEverything_goesOnWhereItWas() throws Exception {
        Source.Commit wanted = commits.get(commits.size() - 1);
        RestoreRequest request = request("resumed");
        Map<String, String> results = new TreeMap<>();

        for (String step : restorer(wanted).steps(request)) {
            PostgresRestorer afresh = restorer(wanted);
            results.putAll(Source.step(afresh, "run-2", request, step, results));
            if (step.equals("recover")) {
                killTheServer(request);
            }
            assertThat(restorer(wanted).poll("run-2", request, step).state()).isEqualTo(Progress.State.DONE);
        }

        assertThat(SOURCE.ledger(results)).isEqualTo(rowsUpTo(wanted));
        restorer(wanted).discard("run-2", request);
        assertThat(Path.of(request.destination())).doesNotExist();
    }

    /** Its main process alone: its children still hold what it had. */
    private static void killTheServer(RestoreRequest request) throws Exception {
        String pid = Files.readAllLines(Path.of(request.destination(), "data", "postmaster.pid"))
                .get(0);
        assertThat(ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow().destroyForcibly())
                .isTrue();
    }

    @Test
    void begin_whereSomethingLies_refuses_andDiscardLeavesItThere() throws Exception {
        RestoreRequest request = request("foreign");
        Path foreign = Files.createDirectory(Path.of(request.destination()));
        Files.writeString(foreign.resolve("precious"), "mine");
        PostgresRestorer restorer = restorer(commits.get(commits.size() - 1));

        restorer.begin("run-3", request, "check", Map.of());

        Progress progress = Source.ended(restorer, "run-3", request, "check");
        assertThat(progress.failure()).contains(FailureKind.CONFLICT);
        assertThat(progress.detail()).contains("is not empty: it holds precious");
        restorer.discard("run-3", request);
        assertThat(foreign.resolve("precious")).hasContent("mine");
    }

    @Test
    void steps_ofADestinationThatIsNoPlace_refuses() {
        PostgresRestorer restorer = restorer(commits.get(0));
        for (String bad : List.of("relative/path", "/", "/tmp/../etc", "/tmp/a\nb")) {
            RestoreRequest request = SOURCE.request(backup, VAULT, RecoverTo.latest(), Path.of("/tmp/fine"));
            assertThatThrownBy(() ->
                            restorer.steps(new RestoreRequest(request.point(), request.copy(), request.to(), bad)))
                    .isInstanceOf(ContinuityException.class)
                    .hasMessageContaining("cannot restore into");
        }
    }

    /** What the source subscribes to must not be taken from under its hands. */
    private static void subscribesToNothing(Map<String, String> results) throws Exception {
        try (Connection connection = SOURCE.way("127.0.0.1", Integer.parseInt(results.get("port")), "app")
                        .getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(PlainBackup.first(statement, "SELECT count(*)::text FROM pg_subscription WHERE subenabled"))
                    .isEqualTo("1");
            assertThat(
                            PlainBackup.first(
                                    statement,
                                    "SELECT count(*)::text FROM pg_stat_activity WHERE backend_type LIKE 'logical replication%'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void recover_withConnectionsThatLeadToTheSource_refuses_andPromotesNothing() throws Exception {
        RestoreRequest request = request("misled");
        PostgresRestorer restorer = SOURCE.restorer(VAULT)
                .connections((host, port, database) ->
                        SOURCE.way("127.0.0.1", SOURCE.server().port(), database))
                .build();
        for (String step : List.of("check", "base", "log")) {
            Source.step(restorer, "run-6", request, step, Map.of());
        }

        restorer.begin("run-6", request, "recover", Map.of());
        Progress progress = Source.ended(restorer, "run-6", request, "recover");

        assertThat(progress.failure()).as(progress.toString()).contains(FailureKind.CONFLICT);
        assertThat(progress.detail()).contains("lead to another server");
        assertThat(Path.of(request.destination(), "data", "postmaster.pid")).doesNotExist();
        Comparison comparison = PostgresVerifier.of(
                        (host, port, database) ->
                                SOURCE.way("127.0.0.1", SOURCE.server().port(), database),
                        List.of())
                .compare("run-6", request, Map.of("port", "1"), () -> Duration.ofMinutes(1));
        assertThat(comparison.checks()).hasSize(2);
        assertThat(comparison.checks().get(1).name()).isEqualTo("server");
        assertThat(comparison.checks().get(1).outcome()).isEqualTo(Comparison.Outcome.FAILED);
        restorer.discard("run-6", request);
    }

    @Test
    void recover_whereTheSourceRaisedASettingAfterTheBackup_saysWhich_andGoesOnWithIt() throws Exception {
        SOURCE.server().configure("max_connections", "137");
        SOURCE.server().stop();
        SOURCE.server().start();
        SOURCE.commit(1);
        MemoryVault raised = VAULT.copy("raised");
        new PlainBackup(SOURCE.server(), raised)
                .log(Seeds.of(3), 1, backup.start().segmentStart(PlainBackup.SEGMENT), SOURCE.flushed());
        RestoreRequest request = SOURCE.request(backup, raised, RecoverTo.latest(), SOURCE.directory("raised"));
        PostgresRestorer small = SOURCE.restorer(raised).build();
        for (String step : List.of("check", "base", "log")) {
            Source.step(small, "run-7", request, step, Map.of());
        }

        small.begin("run-7", request, "recover", Map.of());
        Progress progress = Source.ended(small, "run-7", request, "recover");

        assertThat(progress.failure()).as(progress.toString()).contains(FailureKind.MISCONFIGURED);
        assertThat(progress.detail()).contains("max_connections");
        PostgresRestorer enough =
                SOURCE.restorer(raised).setting("max_connections", "137").build();
        Source.step(enough, "run-7", request, "recover", Map.of());
        enough.discard("run-7", request);
    }

    private static void compareWell(RestoreRequest request, Map<String, String> results, Source.Commit wanted) {
        String rows = Integer.toString(rowsUpTo(wanted).size());
        Comparison comparison = PostgresVerifier.of(
                        SOURCE::way,
                        List.of(LedgerCheck.of("ledger", "app", "SELECT count(*) FROM public.ledger", rows)))
                .compare("run-1", request, results, () -> Duration.ofMinutes(5));

        assertThat(comparison.checks()).as(comparison.toString()).hasSizeGreaterThan(10);
        assertThat(comparison.passed()).as(comparison.toString()).isTrue();
        assertThat(comparison.position()).isEqualTo(wanted.end().toString());
        assertThat(comparison.reached()).contains(wanted.at());
        assertThat(comparison.checks())
                .anyMatch(each -> each.name().equals("unlogged tables of app")
                        && each.detail().contains("unlogged_one"));
    }

    @Test
    void recover_withoutAPlannedLogFile_fails_andNeverCallsItTheEnd() throws Exception {
        RestoreRequest request = request("torn");
        PostgresRestorer restorer = restorer(commits.get(commits.size() - 1));
        for (String step : List.of("check", "base", "log")) {
            Source.step(restorer, "run-5", request, step, Map.of());
        }
        String last = "000000010000000000000005";
        Path file = Path.of(request.destination(), "log", last);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));

        restorer.begin("run-5", request, "recover", Map.of());
        Progress progress = Source.ended(restorer, "run-5", request, "recover");

        assertThat(progress.state()).as(progress.toString()).isEqualTo(Progress.State.FAILED);
        assertThat(progress.detail()).contains("FATAL").contains(last);
        Files.write(file, whole);
        Source.step(restorer, "run-5", request, "recover", Map.of());
        restorer.discard("run-5", request);
        assertThat(Path.of(request.destination())).doesNotExist();
    }

    private static Set<Long> rowsUpTo(Source.Commit last) {
        Set<Long> rows = new TreeSet<>();
        for (long seq = 1; seq <= 5; seq++) {
            rows.add(seq);
        }
        for (Source.Commit commit : commits) {
            if (!commit.start().isAfter(last.start())) {
                rows.addAll(commit.rows());
            }
        }
        return rows;
    }

    private static PostgresRestorer restorer(Source.Commit wanted) {
        return SOURCE.restorer(VAULT)
                .resolver((vaulted, record, request) -> new Target(
                        wanted.timeline(),
                        java.util.Optional.of(wanted.start()),
                        wanted.end(),
                        java.util.Optional.of(wanted.at())))
                .build();
    }

    private static RestoreRequest request(String name) {
        return SOURCE.request(backup, VAULT, RecoverTo.latest(), SOURCE.directory(name));
    }
}
