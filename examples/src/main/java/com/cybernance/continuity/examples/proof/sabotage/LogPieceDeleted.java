package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One piece of the log is gone from one vault, and all that came after it still arrives. */
final class LogPieceDeleted extends Described {
    /** So old that whoever looked since has seen what it reached. */
    private static final Duration SEEN = Duration.ofSeconds(5);

    private final VaultFiles vault;
    private @Nullable Path piece;

    LogPieceDeleted(VaultFiles vault, Moves mustMove) {
        super(
                "log-piece-deleted",
                "one of the newest pieces of the log is taken out of one vault (its directory moved)",
                mustMove);
        this.vault = vault;
    }

    @Override
    public Duration patience() {
        return Sabotages.UNTIL_ALL_WAS_READ;
    }

    @Override
    public void breakIt() throws Exception {
        Path taken = vault.newest(each -> each.endsWith(".wal.zst"), SEEN);
        Files.move(taken, vault.beside("piece"));
        piece = taken;
    }

    @Override
    public void repair() throws IOException {
        if (piece != null) {
            Files.move(vault.beside("piece"), piece);
        }
    }
}
