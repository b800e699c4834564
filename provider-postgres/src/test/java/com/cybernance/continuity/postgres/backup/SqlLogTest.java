package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wire.SqlSession;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlLogTest {
    private static final int SEGMENT = 1 << 24;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void segmentsThatEndOneAfterAnother_areBroughtWithoutListingTheVaultEachTime() throws IOException {
        FaultyVault vault = new FaultyVault(DirectoryVault.initialize("vault", directory.resolve("vault")), 0);
        AtomicLong seconds = new AtomicLong();
        Patience patience = new Patience(() -> Duration.ofSeconds(seconds.get()).toNanos(), Duration.ofMinutes(1));
        try (Rig rig = new Rig(PostgresPair.start());
                SqlSession session = open(rig)) {
            Cluster cluster = new Cluster(rig.system());
            Lsn from = Lsn.parse(rig.pair.primary().query("SELECT pg_current_wal_flush_lsn()"))
                    .segmentStart(SEGMENT);
            SqlLog log = new SqlLog(session, patience, vault, cluster, 1, 1, SEGMENT, from);
            Lsn ended = from;
            for (int i = 0; i < 6; i++) {
                rig.pair.primary().execute("INSERT INTO ledger (payload) VALUES ('one')", "SELECT pg_switch_wal()");
                rig.pair.primary().execute("INSERT INTO ledger (payload) VALUES ('two')");
                ended = Lsn.parse(rig.pair.primary().query("SELECT pg_current_wal_flush_lsn()"))
                        .segmentStart(SEGMENT);
                seconds.addAndGet(2);
                log.follow();
            }

            assertThat(ended.minus(from)).isGreaterThanOrEqualTo(6L * SEGMENT);
            assertThat(vault.calls())
                    .filteredOn(call -> call.startsWith("list "))
                    .hasSize(1);
            NeededLog needed = new NeededLog(vault, cluster, 1, SEGMENT, from, ended);
            assertThat(needed.coverage().gaps()).isEmpty();
            needed.require();
        }
    }

    private static SqlSession open(Rig rig) {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", rig.password("postgres"));
        return SqlSession.open(
                "jdbc:postgresql://127.0.0.1:%d/app"
                        .formatted(rig.pair.primary().port()),
                properties,
                Duration.ofMinutes(1));
    }
}
