package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.testkit.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One backup and its log over two timelines: whole in many forms, and damaged in every way that we could think of. */
class VaultVerifierTest {
    private static final Source SOURCE = new Source();
    private static final MemoryVault VAULT = new MemoryVault("north");

    private static PlainBackup plain;
    private static BackupRecord backup;
    private static Lsn switched;
    private static Lsn end;

    @BeforeAll
    static void backUp() throws Exception {
        Path elsewhere = Files.createDirectory(SOURCE.directory("elsewhere"));
        SOURCE.server().execute("CREATE TABLESPACE apart LOCATION '%s'".formatted(elsewhere));
        SOURCE.server().execute("CREATE TABLE apart (n int) TABLESPACE apart", "INSERT INTO apart VALUES (42)");
        SOURCE.commit(10);
        plain = new PlainBackup(SOURCE.server(), VAULT);
        backup = plain.take(Seeds.of(1), () -> SOURCE.commit(10));
        SOURCE.commit(100);
        SOURCE.newTimeline();
        plain.history(2);
        byte[] history = VAULT.bytes(plain.cluster().history(2));
        switched = TimelinePath.of(2, history).legs().get(1).from();
        SOURCE.commit(100);
        end = SOURCE.flushed();
        VAULT.objects()
                .keySet()
                .removeIf(name -> name.startsWith(plain.cluster().log()));
        log(VAULT, Seeds.of(2));
    }

    @AfterAll
    static void close() {
        SOURCE.close();
    }

    @Test
    void verify_ofCleanVaults_findsNothing() {
        int[] clean = new int[1];
        Seeds.check(50, seeds -> {
            MemoryVault other = VAULT.copy("clean");
            if (clean[0] % 2 == 1) {
                other.objects()
                        .keySet()
                        .removeIf(name -> name.startsWith(plain.cluster().log()));
            }
            log(other, seeds); // beside the pieces that are there, or in their place
            assertThat(verify(other, Optional.of(end))).isEmpty();
            clean[0]++;
        });
        System.out.printf("0 alarms on %d clean vaults%n", clean[0]);
    }

    @Test
    void verify_ofDamagedVaults_findsEveryDefect() {
        List<String> missed = new ArrayList<>();
        List<String> tried = new ArrayList<>();
        int all = Defects.ALL.size();
        // Part of them, chosen by chance, unless the whole bar runs; each kind once.
        Seeds.check(20, seeds -> {
            int some = Math.max(1, all / 10);
            List<Defects> chosen = Seeds.runs(20) == 20
                    ? Defects.ALL
                    : seeds.shuffled(Defects.ALL).subList(0, some);
            for (Defects defect : chosen) {
                if (!tried.contains(defect.name())) {
                    tried.add(defect.name());
                    if (!isFound(defect)) {
                        missed.add(defect.name());
                    }
                }
            }
        });
        System.out.printf(
                "%d of %d kinds of defects found, %d kinds known%n", tried.size() - missed.size(), tried.size(), all);
        assertThat(missed).isEmpty();
    }

    private static boolean isFound(Defects defect) {
        MemoryVault damaged = VAULT.copy("damaged");
        defect.inflict(new Damage(damaged, plain.cluster(), backup.id()));
        List<Defect> found = verify(damaged, Optional.empty());
        System.out.printf("%-40s %s%n", defect.name(), found.isEmpty() ? "MISSED" : found.get(0));
        return !found.isEmpty();
    }

    @Test
    void verify_ofAVaultWhoseLogEndsEarly_findsIt_whereItIsKnownHowFarItMustReach() {
        MemoryVault shorter = VAULT.copy("shorter");
        Damage damage = new Damage(shorter, plain.cluster(), backup.id());
        shorter.objects().remove(damage.last(2).index(plain.cluster()));
        damage.remove(damage.object(damage.last(2)));

        assertThat(verify(shorter, Optional.of(end))).singleElement().satisfies(defect -> assertThat(defect.what())
                .contains("no piece holds the log from"));
    }

    private static List<Defect> verify(MemoryVault vault, Optional<Lsn> through) {
        Cluster cluster = plain.cluster();
        return VaultVerifier.of(vault).verify(cluster.system(), backup.id(), through);
    }

    private static void log(MemoryVault vault, Seeds seeds) throws java.io.IOException {
        PlainBackup into = new PlainBackup(SOURCE.server(), vault);
        into.log(seeds, 1, backup.start().segmentStart(PlainBackup.SEGMENT), switched);
        into.log(seeds, 2, switched.segmentStart(PlainBackup.SEGMENT), end);
        PlainBackup.indexes(vault, plain.cluster());
    }
}
