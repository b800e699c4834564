package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Vault;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The content of a sealed object. Once a read has failed, every later one fails alike. For one thread at a time. */
final class OpeningStream extends InputStream {
    private final String what;
    private final InputStream source;
    private final InputStream opening;
    private final long size;
    private final String sha256;
    private final MessageDigest digest;
    private long given;
    private boolean ended;
    private @Nullable ContinuityException failure;

    private OpeningStream(String object, String what, InputStream source, Contents contents, MessageDigest digest)
            throws IOException {
        this.what = what;
        this.digest = digest;
        this.source = new BufferedInputStream(source, SegmentCipher.TRANSFER);
        byte[] preamble = this.source.readNBytes(Preamble.LENGTH);
        Preamble.OBJECT.check(preamble, what);
        this.opening = SegmentCipher.opening(contents.dataKey(), preamble, object, this.source);
        this.size = contents.size();
        this.sha256 = contents.sha256();
    }

    /**
     * Opens what a vault holds.
     *
     * @param digest of the content as it comes out, compared at its end; what was authenticated comes out before
     */
    static OpeningStream begin(String object, Vault vault, Contents contents, MessageDigest digest) {
        String what = "object '" + object + "' of vault " + vault.name();
        InputStream source = new VaultInput(vault.open(object), what);
        boolean begun = false;
        try {
            OpeningStream opening = new OpeningStream(object, what, source, contents, digest);
            begun = true;
            return opening;
        } catch (IOException e) {
            throw Failures.corrupt(what + " cannot be opened", e);
        } finally {
            if (!begun) {
                closeQuietly(source);
            }
        }
    }

    private static void closeQuietly(InputStream source) {
        try {
            source.close();
        } catch (IOException | ContinuityException e) {
            // The failure that led here says more.
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (failure != null) {
            throw failure;
        }
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        try {
            int read = opening.read(into, offset, length);
            if (read < 0) {
                requireWhole();
                ended = true;
            } else {
                digest.update(into, offset, read);
                given += read;
            }
            return read;
        } catch (IOException e) {
            // The vault's own failures do not arrive as this, so it is the cipher that refuses.
            failure = Failures.corrupt(
                    what + " is not what was sealed: of " + size + " bytes, " + given
                            + " are good and what follows them was changed, cut or moved",
                    e);
            throw failure;
        } catch (ContinuityException e) {
            failure = e;
            throw e;
        }
    }

    private void requireWhole() {
        String found = Sha256.hex(digest);
        if (given != size || !found.equals(sha256)) {
            throw Failures.corrupt(what + " opened to " + given + " bytes with digest " + found + ", expected " + size
                    + " with " + sha256);
        }
    }

    @Override
    public void close() throws IOException {
        if (failure == null) {
            failure = new ContinuityException(FailureKind.CONFLICT, what + " is read after its close", "open it anew");
        }
        source.close();
    }

    /** The vault's stream, whose failures can be told from those of the cipher. */
    private static final class VaultInput extends FilterInputStream {
        private final String what;

        VaultInput(InputStream in, String what) {
            super(in);
            this.what = what;
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw Failures.unexpected(what + " could not be closed", e);
            }
        }

        @Override
        public int read() {
            try {
                return in.read();
            } catch (IOException e) {
                throw Failures.unexpected(what + " could not be read", e);
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            try {
                return in.read(into, offset, length);
            } catch (IOException e) {
                throw Failures.unexpected(what + " could not be read", e);
            }
        }
    }
}
