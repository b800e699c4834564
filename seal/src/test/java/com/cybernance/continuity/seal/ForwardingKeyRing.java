package com.cybernance.continuity.seal;

import com.cybernance.continuity.spi.KeyRing;
import java.util.List;

/** A ring that does what another does, for tests that change one thing. */
class ForwardingKeyRing implements KeyRing {
    private final KeyRing ring;

    ForwardingKeyRing(KeyRing ring) {
        this.ring = ring;
    }

    @Override
    public List<String> sealsFor() {
        return ring.sealsFor();
    }

    @Override
    public boolean opens(String key) {
        return ring.opens(key);
    }

    @Override
    public byte[] wrap(String key, byte[] secret, byte[] binding) {
        return ring.wrap(key, secret, binding);
    }

    @Override
    public byte[] unwrap(String key, byte[] wrapped, byte[] binding) {
        return ring.unwrap(key, wrapped, binding);
    }
}
