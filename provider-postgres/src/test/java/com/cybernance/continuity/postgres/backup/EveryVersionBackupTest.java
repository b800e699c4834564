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

            Progress progress = Rig.take(rig.backups(), "version", vault);

            BackupRecord record = Restored.record(vault, Rig.result(progress, "record"));
            assertThat(record.version() / 10_000).isEqualTo(major);
            assertThat(record.pagesChecked()).isGreaterThan(500);
            Path data = rig.pair.directory().resolve("restored");
            Restored.lay(vault, record, data);
            try (Restored restored = Restored.start(binaries, data, rig.password("postgres"))) {
                assertThat(restored.query("SELECT count(*) FROM ledger")).isEqualTo("1000");
            }
        }
    }

    private static PostgresBinaries version(int major) {
        return major == 17
                ? PostgresBinaries.ofClassPath()
                : PostgresBinaries.ofJar(
                        Path.of(System.getProperty("continuity.postgres.servers"), "postgres-%d.jar".formatted(major)));
    }
}
