package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.pipe.WriteBehind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BiFunction;

/**
 * An object of a vault that is compressed while it is written. Compressing is done by one thread of its own and storing by
 * another, so that the next bytes are read and checked meanwhile. For one thread.
 */
final class Packed extends OutputStream {
    private final Vault.Draft draft;
    private final ZstdOutputStream zstd;
    private final WriteBehind storing;
    private final WriteBehind packing;
    private long unpacked;
    private boolean ended;

    Packed(Vault vault, String object, int level) throws IOException {
        this(vault, object, level, WriteBehind::new);
    }

    /** @param threads begins a thread of that name that writes to that stream */
    Packed(Vault vault, String object, int level, BiFunction<String, OutputStream, WriteBehind> threads)
            throws IOException {
        draft = vault.create(object);
        WriteBehind begunStoring = null;
        ZstdOutputStream begunZstd = null;
        boolean begun = false;
        try {
            begunStoring = threads.apply("continuity-store " + object, draft);
            storing = begunStoring;
            // A checksum of its own lets the zstd program tell rot, too.
            begunZstd = new ZstdOutputStream(new Below(), level).setChecksum(true);
            zstd = begunZstd;
            packing = threads.apply("continuity-pack " + object, zstd);
            begun = true;
        } finally {
            // The machine may have no thread left.
            if (!begun) {
                ended = true;
                if (begunStoring != null) {
                    begunStoring.close();
                }
                draft.close();
                if (begunZstd != null) {
                    begunZstd.close();
                }
            }
        }
    }

    @Override
    public void write(int one) throws IOException {
        packing.write(one);
        unpacked++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        packing.write(bytes, offset, length);
        unpacked += length;
    }

    /** Ends the object; it is durable when this returns. */
    BackupRecord.Part commit() throws IOException {
        packing.finish();
        zstd.close();
        storing.finish();
        Stored stored = draft.commit();
        ended = true;
        return new BackupRecord.Part(stored.name(), stored.size(), stored.sha256(), unpacked);
    }

    /** Gives up what was not committed. */
    @Override
    public void close() {
        if (!ended) {
            packing.close();
            storing.close();
            ended = true;
            draft.close();
            try {
                zstd.close();
            } catch (IOException nothingIsWrittenAnyMore) {
                // Only the compressor's memory was to be given back.
            }
        }
    }

    /** The compressor closes what is below it, which would give the draft up. */
    private final class Below extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!ended) {
                storing.write(bytes, offset, length);
            }
        }
    }
}
