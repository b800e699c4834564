package com.cybernance.continuity.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class ReplicationConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // made before the first test
    private static PostgresPair pair;

    @BeforeAll
    static void start() {
        pair = PostgresPair.start();
    }

    @AfterAll
    static void stop() {
        pair.close();
    }

    @Test
    void commands_areAnsweredInRows() {
        try (ReplicationConnection connection = open("")) {
            Identity identity = connection.identify();

            assertThat(identity.system())
                    .isEqualTo(pair.primary().query("SELECT system_identifier FROM pg_control_system()"));
            assertThat(identity.timeline()).isEqualTo(1);
            assertThat(identity.flushed()).isGreaterThan(Lsn.ZERO);
            assertThat(connection.show("wal_segment_size")).isEqualTo("16MB");
            List<Map<String, String>> slot = connection.ask("READ_REPLICATION_SLOT " + Quoted.name("standby_b"));
            assertThat(slot).hasSize(1);
            assertThat(slot.get(0)).containsEntry("slot_type", "physical").containsKey("restart_lsn");
            assertThat(connection.ask("READ_REPLICATION_SLOT nobody"))
                    .as("columns that are NULL are left out")
                    .containsExactly(Map.of());
        }
    }

    @Test
    void refusal_namesTheStateAndLeavesTheConnectionInUse() {
        try (ReplicationConnection connection = open("")) {
            ServerError missing = catchThrowableOfType(ServerError.class, () -> connection.timelineHistory(77));
            assertThat(missing.sqlState()).isEqualTo("58P01");
            assertThat(missing.kind()).isEqualTo(FailureKind.NOT_FOUND);
            assertThat(missing)
                    .hasMessageStartingWith("TIMELINE_HISTORY failed: could not open file")
                    .hasMessageContaining("(SQLSTATE 58P01)");
            String hostile = "it's; DROP";
            assertThatThrownBy(
                            () -> connection.ask("CREATE_REPLICATION_SLOT %s PHYSICAL".formatted(Quoted.name(hostile))))
                    .as("the whole name is one name, which the server finds invalid")
                    .isInstanceOf(ServerError.class)
                    .hasMessageContaining("replication slot name \"it's; DROP\" contains invalid character");
            assertThatThrownBy(() -> Quoted.name("a\" PHYSICAL")).hasMessageContaining("double quote");
            assertThat(Quoted.text("it's")).isEqualTo("'it''s'");
            assertThat(connection.identify().timeline()).isEqualTo(1);
        }
    }

    @Test
    void log_isStreamedBothWays() {
        pair.primary().execute("INSERT INTO ledger (payload) VALUES ('streamed')");
        try (ReplicationConnection connection = open("")) {
            Lsn start = connection.identify().flushed().segmentStart(16 * 1024 * 1024);
            connection.send("START_REPLICATION PHYSICAL %s TIMELINE 1".formatted(start));
            connection.expect(WireMessage.COPY_BOTH);
            WireMessage data = connection.read();
            assertThat(data.type()).isEqualTo(WireMessage.COPY_DATA);
            assertThat((char) data.body().get()).isEqualTo('w');
            assertThat(data.body().getLong()).isEqualTo(start.value());

            connection.copyDone();
            while (data.type() != WireMessage.COPY_DONE) {
                data = connection.read();
            }
            connection.rest();
            assertThat(connection.identify().timeline()).isEqualTo(1);
        }
    }

    @Test
    void close_breaksAReadThatBlocks() throws InterruptedException, ExecutionException, TimeoutException {
        ReplicationConnection connection = open("");
        Lsn end = connection.identify().flushed();
        connection.send("START_REPLICATION PHYSICAL %s TIMELINE 1".formatted(end));
        connection.expect(WireMessage.COPY_BOTH);
        FutureTask<ContinuityException> reading =
                new FutureTask<>(() -> catchThrowableOfType(ContinuityException.class, () -> {
                    while (true) {
                        connection.read();
                    }
                }));
        Thread reader = new Thread(reading, "reader");
        reader.start();

        connection.close();

        ContinuityException end2 = reading.get(60, TimeUnit.SECONDS);
        assertThat(end2.kind()).isEqualTo(FailureKind.INTERRUPTED);
    }

    @Test
    void poll_returnsEmptyHandedWhenNothingCame() {
        try (ReplicationConnection connection = open("")) {
            connection.send("START_REPLICATION PHYSICAL %s TIMELINE 1"
                    .formatted(connection.identify().flushed()));
            connection.expect(WireMessage.COPY_BOTH);
            int seen = 0;
            while (connection.poll(Duration.ofMillis(200)).isPresent()) {
                seen++;
            }
            assertThat(seen).as("messages before silence").isLessThan(1_000);
        }
    }

    @Test
    void roleWithoutTheRight_isToldWhatToGrant() {
        assertThatThrownBy(() -> open("app_writer", password("app_writer"), ""))
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DENIED))
                .hasMessageContaining("42501")
                .hasMessageContaining("REPLICATION");
    }

    @Test
    void wrongPassword_isDeniedAndNotRepeated() {
        assertThatThrownBy(() -> open("replicator", "s3cret-and-wrong", "?connectTimeout=20"))
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DENIED))
                .hasMessageNotContainingAny("s3cret", "jdbc:");
    }

    @Test
    void serverThatIsNotThere_isUnreachable() {
        assertThatThrownBy(() -> ReplicationConnection.open(
                        "jdbc:postgresql://127.0.0.1:1/app?password=s3cret", new Properties(), PATIENCE))
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNREACHABLE))
                .hasMessageNotContainingAny("s3cret", "jdbc:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?sslfactory=org.postgresql.ssl.NonValidatingFactory",
                "?socketFactory=x.Y",
                "?gssEncMode=require",
                "?replication=database"
            })
    void settingsThatWouldHideTheSocket_areRefused(String parameters) {
        assertThatThrownBy(() -> open(parameters))
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.MISCONFIGURED));
    }

    @Test
    void encryptedConnection_isSpokenOnEncrypted() throws IOException {
        PostgresServer primary = pair.primary();
        Path key = resource("server.key", primary.dataDirectory());
        Path certificate = resource("server.crt", primary.dataDirectory());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        primary.configure("ssl_key_file", key.toString());
        primary.configure("ssl_cert_file", certificate.toString());
        primary.configure("ssl", "on");

        for (String mode : List.of("prefer", "require", "verify-ca&sslrootcert=" + certificate)) {
            try (ReplicationConnection connection = open("?sslmode=" + mode)) {
                assertThat(connection.identify().timeline()).isEqualTo(1);
                assertThat(primary.query("SELECT count(*) FROM pg_stat_ssl s JOIN pg_stat_replication r USING (pid)"
                                + " WHERE s.ssl AND r.application_name = 'continuity-test'"))
                        .as("encrypted connections with sslmode=%s", mode)
                        .isEqualTo("1");
                connection.send("START_REPLICATION PHYSICAL %s TIMELINE 1"
                        .formatted(connection.identify().flushed().segmentStart(16 * 1024 * 1024)));
                connection.expect(WireMessage.COPY_BOTH);
                assertThat(connection.read().type()).isEqualTo(WireMessage.COPY_DATA);
            }
        }
    }

    private static Path resource(String name, Path into) throws IOException {
        Path file = into.resolve(name);
        try (InputStream content = ReplicationConnectionTest.class.getResourceAsStream("/tls/" + name)) {
            Files.copy(java.util.Objects.requireNonNull(content), file);
        }
        return file;
    }

    private static ReplicationConnection open(String parameters) {
        return open("replicator", password("replicator"), parameters);
    }

    private static ReplicationConnection open(String role, String password, String parameters) {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "continuity-test");
        return ReplicationConnection.open(
                "jdbc:postgresql://127.0.0.1:%d/app%s".formatted(pair.primary().port(), parameters),
                properties,
                PATIENCE);
    }

    private static String password(String role) {
        return java.util.Objects.requireNonNull(
                ((PGSimpleDataSource) pair.primary().dataSource(role)).getPassword());
    }
}
