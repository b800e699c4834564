package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.nio.file.Path;

/** The key of every day is disabled where it is kept. The recovery key is elsewhere. */
final class OnlineKeyRevoked extends Described {
    private static final String ENABLED = "\"ENABLED\"";

    private final Path keys;
    private String before = "";

    /**
     * Touches no file yet.
     *
     * @param keys the file with the keyset, which is JSON
     */
    OnlineKeyRevoked(Path keys, Moves mustMove) {
        super("online-key-revoked", "the online key of the sealed vault is disabled (in its key file)", mustMove);
        this.keys = keys;
    }

    @Override
    public boolean leavesTheRecoveryKeyAlone() {
        return true;
    }

    @Override
    public void breakIt() throws IOException {
        String enabled = Replaced.read(keys);
        if (!enabled.contains(ENABLED)) {
            throw new IOException("%s has no key that is enabled".formatted(keys));
        }
        before = enabled;
        Replaced.write(keys, enabled.replace(ENABLED, "\"DISABLED\""));
    }

    @Override
    public void repair() throws IOException {
        if (!before.isEmpty()) {
            Replaced.write(keys, before);
        }
    }
}
