package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.RestorePointSource;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.RestorePointContract;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Over a vault in a directory, as an embedder would use it. */
class VaultedPointsContractTest extends RestorePointContract {
    private static final TargetId ID = TargetId.of("postgres:main");

    @TempDir
    static Path directory;

    private static final BackupTarget[] TARGETS = new BackupTarget[2];

    @BeforeAll
    static void fill() throws IOException {
        MadeVault made = new MadeVault();
        MadeLog log = MadeLog.begin(MadeVault.SYSTEM, new Lsn(8L * MadeLog.SEGMENT));
        log.filler(100);
        Lsn start = log.end();
        log.filler(100);
        made.backup(log, start, log.end(), Instant.parse("2026-11-23T10:00:00Z"));
        log.commit(Instant.parse("2026-11-23T10:01:00Z"), 10);
        Piece piece = made.piece(log, log.start(), log.end());
        made.index(log, piece, Optional.empty());
        DirectoryVault vault = DirectoryVault.initialize("near", directory.resolve("near"));
        for (Map.Entry<String, byte[]> each : made.vault.objects.entrySet()) {
            try (Vault.Draft draft = vault.create(each.getKey())) {
                draft.write(each.getValue());
                draft.commit();
            }
        }
        TARGETS[0] = target(vault);
        TARGETS[1] = target(DirectoryVault.at("near", directory.resolve("unmounted")));
    }

    @Override
    protected BackupTarget target() {
        return TARGETS[0];
    }

    @Override
    protected Optional<BackupTarget> brokenTarget() {
        return Optional.of(TARGETS[1]);
    }

    private static BackupTarget target(Vault vault) {
        Optional<RestorePointSource> source = Optional.of(
                VaultedPoints.of(ID.member("cluster"), MadeVault.CLUSTER.system(), Map.of(vault, Place.UNKNOWN)));
        return new BackupTarget() {
            @Override
            public TargetId id() {
                return ID;
            }

            @Override
            public Optional<RestorePointSource> restorePoints() {
                return source;
            }
        };
    }
}
