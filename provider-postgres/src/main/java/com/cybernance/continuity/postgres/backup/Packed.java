package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.pipe.PackBehind;
import com.cybernance.continuity.postgres.pipe.WriteBehind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BiFunction;

/** An object of a vault that is compressed and stored on other threads while it is written. For one thread. */
final class Packed extends OutputStream {
    private final Vault.Draft draft;
    private final PackBehind packing;
    private long unpacked;
    private boolean ended;

    Packed(Vault vault, String object, int level) throws IOException {
        this(vault, object, level, WriteBehind::new);
    }

    /** @param threads begins a thread of that name that writes to that stream */
    Packed(Vault vault, String object, int level, BiFunction<String, OutputStream, WriteBehind> threads)
            throws IOException {
        draft = vault.create(object);
        boolean begun = false;
        try {
            packing = new PackBehind(object, draft, level, threads);
            begun = true;
        } finally {
            if (!begun) {
                draft.close();
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
        Stored stored = draft.commit();
        ended = true;
        return new BackupRecord.Part(stored.name(), stored.size(), stored.sha256(), unpacked);
    }

    /** Gives up what was not committed. */
    @Override
    public void close() {
        packing.close();
        if (!ended) {
            ended = true;
            draft.close();
        }
    }
}
