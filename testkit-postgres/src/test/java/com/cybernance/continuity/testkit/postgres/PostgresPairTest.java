package com.cybernance.continuity.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresPairTest {
    static List<Launcher> launchers() {
        return Launcher.available();
    }

    @ParameterizedTest
    @MethodSource("launchers")
    void start_underEveryWayToRunHere_replicatesSynchronously(Launcher launcher) throws Exception {
        try (PostgresPair pair = PostgresPair.start(PostgresBinaries.ofClassPath(), launcher)) {
            try (Connection connection = pair.primary().dataSource("app_writer").getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO ledger (payload) VALUES ('one')");
                assertThat((Object) statement.getWarnings()).isNull();
            }
            assertThat(pair.primary().query("SELECT sync_state || ' ' || application_name FROM pg_stat_replication"))
                    .isEqualTo("sync standby_b");
            pair.standby().await("SELECT payload FROM ledger", "one");
            assertThat(pair.standby().query("SHOW continuity.data_centre")).isEqualTo("south");
            assertThat(pair.primary().query("SHOW continuity.data_centre")).isEqualTo("north");
        }
    }

    @Test
    void servers_stoppedKilledFrozenAndRestarted_comeBackOnTheSamePort() throws Exception {
        try (PostgresPair pair = PostgresPair.start()) {
            int port = pair.standby().port();
            pair.standby().kill();
            assertThat(pair.standby().isRunning()).isFalse();
            pair.standby().start();
            pair.primary().await("SELECT sync_state FROM pg_stat_replication", "sync");
            pair.standby().freeze();
            pair.standby().thaw();
            pair.standby().restart();
            assertThat(pair.standby().port()).isEqualTo(port);
            pair.primary().await("SELECT sync_state FROM pg_stat_replication", "sync");
            pair.primary().kill();
            pair.primary().start();
            pair.primary().await("SELECT sync_state FROM pg_stat_replication", "sync");
        }
    }

    @Test
    void kill_ofAServerWithManySessions_returnsOnlyWhenNoneOfItsProcessesIsLeft() throws Exception {
        try (PostgresPair pair = PostgresPair.start()) {
            List<Connection> sessions = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sessions.add(pair.primary().dataSource("postgres").getConnection());
            }
            List<ProcessHandle> all = ProcessHandle.of(pair.primary().pid())
                    .orElseThrow()
                    .descendants()
                    .toList();
            assertThat(all).hasSizeGreaterThan(sessions.size());
            pair.primary().kill();
            assertThat(all).noneMatch(Processes::isLeft);
            pair.primary().start();
            for (Connection broken : sessions) {
                broken.close();
            }
        }
    }

    @Test
    void connectionFacts_readByAnOutsider_leadToTheServerAndHideThePassword() throws Exception {
        try (PostgresPair pair = PostgresPair.start()) {
            Properties facts = new Properties();
            try (var in = Files.newInputStream(pair.primary().properties())) {
                facts.load(in);
            }
            assertThat(facts.stringPropertyNames())
                    .containsExactlyInAnyOrder(
                            "name", "host", "port", "database", "superuser", "passwordFile", "dataDirectory", "pid");
            var passwordFile = java.nio.file.Path.of(facts.getProperty("passwordFile"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwordFile)))
                    .isEqualTo("rw-------");
            String password = Files.readString(passwordFile);
            assertThat(pair.toString() + pair.primary() + pair.primary().dataSource("postgres"))
                    .doesNotContain(password);
            assertThat(Long.parseLong(facts.getProperty("pid")))
                    .isEqualTo(pair.primary().pid());
            assertThat(ProcessHandle.of(pair.primary().pid())).isPresent();
        }
    }

    @Test
    void close_endsTheServersAndRemovesTheirData() {
        PostgresPair pair = PostgresPair.start();
        long pid = pair.primary().pid();
        pair.close();
        assertThat(pair.directory()).doesNotExist();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }
}
