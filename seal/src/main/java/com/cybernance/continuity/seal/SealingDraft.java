package com.cybernance.continuity.seal;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An object that is being sealed. Only sealed bytes ever leave it. */
final class SealingDraft extends Vault.Draft {
    private final String object;
    private final String what;
    private final Vault.Draft draft;
    private final Envelopes envelopes;
    private final byte[] key = SegmentCipher.newKey();
    private final MessageDigest digest = Sha256.begin();
    private final Counted out;
    private final OutputStream sealing;
    private long size;
    private boolean ended;
    private @Nullable ContinuityException spoiled;

    private SealingDraft(String object, String what, Vault.Draft draft, Envelopes envelopes) throws IOException {
        this.object = object;
        this.what = what;
        this.draft = draft;
        this.envelopes = envelopes;
        this.out = new Counted(new BufferedOutputStream(draft, SegmentCipher.TRANSFER));
        byte[] preamble = Preamble.OBJECT.bytes();
        out.write(preamble);
        this.sealing = SegmentCipher.sealing(key, preamble, object, out);
    }

    static SealingDraft begin(String object, Vault vault, Envelopes envelopes) {
        String what = "object '" + object + "' of vault " + vault.name();
        Vault.Draft draft = vault.create(object);
        boolean begun = false;
        try {
            SealingDraft sealing = new SealingDraft(object, what, draft, envelopes);
            begun = true;
            return sealing;
        } catch (IOException e) {
            throw Failures.unexpected(what + " could not be begun", e);
        } finally {
            if (!begun) {
                draft.close();
            }
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        requireOpen();
        try {
            sealing.write(bytes, offset, length);
            digest.update(bytes, offset, length);
            size += length;
        } catch (IOException e) {
            throw spoil(Failures.unexpected(what + " could not be written", e));
        } catch (ContinuityException e) {
            throw spoil(e);
        }
    }

    @Override
    public void flush() {
        // A segment is sealed when it is full or the last one.
    }

    @Override
    public Stored commit() {
        requireOpen();
        try {
            sealing.close();
            Contents contents = new Contents(key, size, Sha256.hex(digest), out.size, Sha256.hex(out.digest));
            envelopes.write(object, contents);
            Stored stored = draft.commit();
            if (!contents.belongsTo(stored)) {
                throw Failures.corrupt(what + " was committed as " + stored.size() + " sealed bytes with digest "
                        + stored.sha256() + ", expected " + contents.sealedSize() + " with "
                        + contents.sealedSha256());
            }
            end();
            return new Stored(object, contents.size(), contents.sha256(), stored.since());
        } catch (IOException e) {
            throw spoil(Failures.unexpected(what + " could not be ended", e));
        } catch (ContinuityException e) {
            throw spoil(e);
        }
    }

    @Override
    public void close() {
        end();
        draft.close();
    }

    private void end() {
        ended = true;
        Arrays.fill(key, (byte) 0);
    }

    private ContinuityException spoil(ContinuityException failure) {
        spoiled = failure;
        end();
        return failure;
    }

    private void requireOpen() {
        if (spoiled != null) {
            throw new ContinuityException(
                    spoiled.kind(),
                    what + " was spoiled by a failure before: " + Failures.fact(spoiled),
                    "close this draft and create the object anew",
                    spoiled);
        }
        if (ended) {
            throw new ContinuityException(
                    FailureKind.CONFLICT, what + " was committed or closed already", "create another object");
        }
    }

    /** What goes into the vault: counted and digested, and not ended by whoever wrote it. */
    private static final class Counted extends OutputStream {
        private final OutputStream out;
        private final MessageDigest digest = Sha256.begin();
        private long size;

        Counted(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            digest.update(bytes, offset, length);
            size += length;
        }

        @Override
        public void close() throws IOException {
            out.flush(); // committing ends it
        }
    }
}
