package com.cybernance.continuity.seal;

import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.ForwardingVault;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Opens one object as a {@link SealedVault} does, with an envelope that was opened before and without the digest of the
 * content: so nothing but the cipher can find a fault, and nothing in front of a fault is paid for twice. An object that
 * is well is refused behind its last byte.
 */
final class StreamOnly extends ForwardingVault {
    private final Vault vault;
    private final Contents contents;

    StreamOnly(Vault vault, Contents contents) {
        super(vault);
        this.vault = vault;
        this.contents = contents;
    }

    @Override
    public InputStream open(String object) {
        return OpeningStream.begin(object, vault, contents, new None());
    }

    private static final class None extends MessageDigest {
        None() {
            super("none");
        }

        @Override
        protected void engineUpdate(byte input) {}

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {}

        @Override
        protected byte[] engineDigest() {
            return new byte[32];
        }

        @Override
        protected void engineReset() {}
    }
}
