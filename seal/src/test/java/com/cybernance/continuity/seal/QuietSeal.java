package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.spi.KeyRing;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.ForwardingVault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Broken on purpose: takes a fault for the end of the content. */
final class QuietSeal extends ForwardingVault {
    QuietSeal(Vault vault, KeyRing keys) {
        super(SealedVault.around(vault, keys));
    }

    @Override
    public InputStream open(String object) {
        return new FilterInputStream(super.open(object)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                try {
                    return super.read(into, offset, length);
                } catch (ContinuityException e) {
                    return -1;
                }
            }
        };
    }
}
