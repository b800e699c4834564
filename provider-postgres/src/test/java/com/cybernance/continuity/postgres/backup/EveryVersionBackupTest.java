package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Part of the bar alone: the other tests run on the version of the class path. */
@Tag("bar")
class EveryVersionBackupTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void backup_restores(int major) throws IOException, InterruptedException, SQLException {
        PostgresBinaries binaries = version(major);
        Vault vault = DirectoryVault.initialize("vault", directory.resolve("vault"));
        try (Rig rig = new Rig(PostgresPair.start(binaries))) {
            rig.pair.primary().execute("INSERT INTO ledger (payload) SELECT i::text FROM generate_series(1, 1000) i");

            // It would grow files between the two backups.
            rig.pair.primary().configure("autovacuum", "off");
            SqlRole.make(rig.pair.primary());

            BackupRecord own = taken(rig, "replicator", BackupRecord.Method.REPLICATION, vault);
            BackupRecord ours = taken(rig, SqlRole.NAME, BackupRecord.Method.SQL, vault);

            assertThat(Contents.of(vault, ours).names())
                    .isEqualTo(Contents.of(vault, own).names());
            assertThat(Contents.of(vault, ours).manifest())
                    .isEqualTo(Contents.of(vault, own).manifest());
            for (BackupRecord record : List.of(own, ours)) {
                assertThat(record.version() / 10_000).isEqualTo(major);
                assertThat(record.pagesChecked()).isGreaterThan(500);
                Path data = rig.pair.directory().resolve("restored-" + record.method());
                Restored.lay(vault, record, data);
                try (Restored restored = Restored.start(binaries, data, rig.password("postgres"))) {
                    assertThat(restored.query("SELECT count(*) FROM ledger")).isEqualTo("1000");
                }
            }
        }
    }

    private static BackupRecord taken(Rig rig, String role, BackupRecord.Method method, Vault vault)
            throws IOException, InterruptedException {
        Progress progress = Rig.take(rig.build(rig.builder(role)), method.name().toLowerCase(Locale.ROOT), vault);
        BackupRecord record = Restored.record(vault, Rig.result(progress, "record"));
        assertThat(record.method()).isEqualTo(method);
        return record;
    }

    private static PostgresBinaries version(int major) {
        return major == 17
                ? PostgresBinaries.ofClassPath()
                : PostgresBinaries.ofJar(
                        Path.of(System.getProperty("continuity.postgres.servers"), "postgres-%d.jar".formatted(major)));
    }
}
