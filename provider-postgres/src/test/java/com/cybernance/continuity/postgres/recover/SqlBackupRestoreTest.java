package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.backup.PostgresBackups;
import com.cybernance.continuity.postgres.backup.Restored;
import com.cybernance.continuity.postgres.backup.SqlRole;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.vault.DirectoryVault;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A backup that was taken over SQL while others wrote, in the hands of what comes after it. */
class SqlBackupRestoreTest {
    @Tag("bar")
    @Test
    void backupOverSql_underLoad_isVerified_andRestoresToItsStop_exactly() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        try (Source source = new Source()) {
            SqlRole.make(source.server());
            source.server().execute("CREATE UNLOGGED TABLE fleeting AS SELECT g FROM generate_series(1, 20000) g");
            source.commit(20);
            Apart apart = Apart.make(source);
            DirectoryVault vault = DirectoryVault.initialize("north", source.directory("vault"));
            Lsn before = source.flushed();
            AtomicBoolean enough = new AtomicBoolean();
            Thread load = new Thread(
                    () -> {
                        while (!enough.get()) {
                            source.commit(5);
                        }
                    },
                    "load");
            load.start();
            Progress progress;
            try {
                progress = take(source, vault, executor);
            } finally {
                enough.set(true);
                load.join();
            }
            assertThat(progress.state()).as(progress.detail()).isEqualTo(Progress.State.DONE);
            BackupRecord backup = Restored.record(
                    vault, Objects.requireNonNull(progress.results().get("record")));

            assertThat(backup.method()).isEqualTo(BackupRecord.Method.SQL);
            assertThat(VaultVerifier.of(vault).verify(backup.system(), backup.id()))
                    .isEmpty();
            Set<Long> expected = new TreeSet<>();
            List<Source.Commit> commits = source.commits(before);
            commits.stream()
                    .filter(commit -> !commit.end().isAfter(backup.stop()))
                    .forEach(commit -> expected.addAll(commit.rows()));
            for (long seq = 1; seq <= 20; seq++) {
                expected.add(seq);
            }
            RestoreRequest request =
                    source.request(backup, vault, RecoverTo.moment(backup.stoppedAt()), source.directory("restored"));
            PostgresRestorer restorer = source.restorer(vault).build();
            Map<String, String> results = Source.run(restorer, "sql", request);
            assertThat(source.ledger(results)).isEqualTo(expected);
            assertThat(expected).as("rows while it was taken").hasSizeGreaterThan(25);
            apart.requireRestored(source, request, results);
            restorer.discard("sql", request);
            apart.requireUntouched();
        } finally {
            executor.shutdownNow();
        }
    }

    private static Progress take(Source source, DirectoryVault vault, ExecutorService executor) {
        String url =
                "jdbc:postgresql://127.0.0.1:%d/app".formatted(source.server().port());
        try (PostgresBackups backups = PostgresBackups.of(url, () -> {
                    Properties properties = new Properties();
                    properties.setProperty("user", SqlRole.NAME);
                    properties.setProperty("password", SqlRole.PASSWORD);
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
}
