package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.spi.Stored;
import java.io.IOException;
import java.io.InputStream;

/** An object's content, which at its end must have been what was planned with. For one thread. */
final class Vouched extends Digested {
    private final Stored expected;
    private final String vault;

    Vouched(InputStream from, Stored expected, String vault) {
        super(from);
        this.expected = expected;
        this.vault = vault;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int got = super.read(into, offset, length);
        if (got < 0 && (count() != expected.size() || !sha256().equals(expected.sha256()))) {
            throw Words.corrupt("%s in vault %s has %d bytes with digest %s, expected %d with %s"
                    .formatted(expected.name(), vault, count(), sha256(), expected.size(), expected.sha256()));
        }
        return got;
    }
}
