package com.cybernance.continuity.seal;

import com.cybernance.continuity.testkit.ForwardingVault;
import java.io.InputStream;
import java.util.Objects;

/**
 * A vault that gives out one byte of one object otherwise than it was written, and says of the object what it said
 * before. Shares all bytes with the vault behind it, so that a million of them cost no more than their reading.
 */
final class ChangedVault extends ForwardingVault {
    private final MemoryVault vault;
    private final String object;
    private final int at;
    private final int mask;

    ChangedVault(MemoryVault vault, String object, int at, int mask) {
        super(vault);
        this.vault = vault;
        this.object = object;
        this.at = at;
        this.mask = mask;
    }

    @Override
    public InputStream open(String name) {
        return name.equals(object) ? new Changed(vault.bytes(object), at, mask) : vault.open(name);
    }

    private static final class Changed extends InputStream {
        private final byte[] bytes;
        private final int at;
        private final int mask;
        private int position;

        Changed(byte[] bytes, int at, int mask) {
            this.bytes = bytes;
            this.at = at;
            this.mask = mask;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, into.length);
            int taken = Math.min(length, bytes.length - position);
            if (taken <= 0) {
                return length == 0 ? 0 : -1;
            }
            System.arraycopy(bytes, position, into, offset, taken);
            if (at >= position && at < position + taken) {
                into[offset + at - position] ^= (byte) mask;
            }
            position += taken;
            return taken;
        }
    }
}
