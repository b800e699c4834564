package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Part of the bar alone, because it needs programs that a build does not; there it fails where one is missing. */
@Tag("bar")
class RestoreByHandTest {
    private static final Path SCRIPT = Path.of("../docs/restore-by-hand.sh");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private record Ran(int status, String said) {}

    @Test
    void newestBackup_restoresWithStandardToolsAlone() throws IOException, InterruptedException, SQLException {
        Path place = directory.resolve("vault");
        Vault vault = DirectoryVault.initialize("vault", place);
        try (Rig rig = new Rig(PostgresPair.start())) {
            PostgresServer primary = rig.pair.primary();
            Path space = Files.createDirectory(rig.pair.directory().resolve("elsewhere"));
            primary.execute("CREATE TABLESPACE elsewhere LOCATION '%s'".formatted(space));
            primary.execute("CREATE TABLE far TABLESPACE elsewhere AS SELECT g FROM generate_series(1, 2000) g");
            Rig.result(Rig.take(rig.backups(), "older", vault), "record");
            primary.execute("INSERT INTO ledger (payload) SELECT i::text FROM generate_series(1, 1234) i");
            BackupRecord newest = Restored.record(vault, Rig.result(Rig.take(rig.backups(), "newer", vault), "record"));
            Path data = rig.pair.directory().resolve("by-hand");

            Ran ran = run(place, data);

            assertThat(ran.status()).as(ran.said()).isZero();
            assertThat(ran.said()).contains("restoring backup " + newest.id());
            try (Restored restored = Restored.start(PostgresBinaries.ofClassPath(), data, rig.password("postgres"))) {
                assertThat(restored.query("SELECT count(*) FROM ledger")).isEqualTo("1234");
                assertThat(restored.query("SELECT count(*) FROM far")).isEqualTo("2000");
            }
            assertThat(run(place, data).said()).contains("is not empty");
            refusesDamage(place, new Cluster(newest.system()).base(newest.id()) + "data.tar.zst");
            refusesMissingLog(place, vault, new Cluster(newest.system()).log(newest.timeline()));
        }
    }

    private void refusesDamage(Path place, String object) throws IOException, InterruptedException {
        try (RandomAccessFile content =
                new RandomAccessFile(place.resolve(object).resolve("content").toFile(), "rw")) {
            content.seek(1000);
            int was = content.read();
            content.seek(1000);
            content.write(was ^ 1);
            Ran ran = run(place, directory.resolve("damaged"));
            assertThat(ran.status()).isNotZero();
            assertThat(ran.said()).contains("object " + object + " is damaged");
            content.seek(1000);
            content.write(was);
        }
    }

    private void refusesMissingLog(Path place, Vault vault, String log) throws IOException, InterruptedException {
        String last = Rig.objects(vault, log).stream()
                .filter(name -> name.endsWith(".wal.zst"))
                .reduce((one, other) -> other)
                .orElseThrow();
        Files.move(place.resolve(last), directory.resolve("taken-away"));
        Ran ran = run(place, directory.resolve("without-log"));
        assertThat(ran.status()).isNotZero();
        assertThat(ran.said()).contains("the log is missing from");
    }

    private static Ran run(Path vault, Path into) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", SCRIPT.toString(), vault.toString(), into.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said);
    }
}
