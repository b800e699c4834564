package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.internal.disk.IoThreads;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gathers what is written, and hands it to {@link DraftFiles} on a thread that nobody interrupts. */
final class DirectoryDraft extends Vault.Draft {
    private final VaultRoot vault;
    private final IoThreads io;
    private final InstantSource clock;
    private final String object;
    private final DraftFiles files;
    private final MessageDigest sha = Sha256.begin();
    private final byte[] buffer;
    private int filled;
    private long size;
    private @Nullable ContinuityException ended;

    DirectoryDraft(VaultRoot vault, IoThreads io, InstantSource clock, String object, DraftFiles files) {
        this.vault = vault;
        this.io = io;
        this.clock = clock;
        this.object = object;
        this.files = files;
        this.buffer = new byte[vault.buffer()];
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        refuseIfEnded();
        int done = 0;
        while (done < length) {
            int part = Math.min(buffer.length - filled, length - done);
            System.arraycopy(bytes, offset + done, buffer, filled, part);
            filled += part;
            done += part;
            if (filled == buffer.length) {
                writeOut();
            }
        }
    }

    private void writeOut() {
        int length = filled;
        long at = size;
        run("writing", () -> {
            sha.update(buffer, 0, length);
            files.write(buffer, length, at);
            return true;
        });
        size += length;
        filled = 0;
    }

    @Override
    public Stored commit() {
        refuseIfEnded();
        if (filled > 0) {
            writeOut();
        }
        Stored stored = run("committing", () -> {
            vault.require();
            Stored object = new Stored(this.object, size, HexFormat.of().formatHex(sha.digest()), clock.instant());
            files.publish(object);
            return object;
        });
        ended = misuse("is committed already");
        return stored;
    }

    /** After a failure nothing is sure of the files, nor of the buffer, which a task may still be reading. */
    private <T> T run(String doing, IoThreads.Task<T> task) {
        String what = doing + " object '" + object + "'";
        boolean done = false;
        try {
            T result = io.call(vault + ": " + what, () -> wrap(what, task), ignored -> {});
            done = true;
            return result;
        } catch (ContinuityException e) {
            ended = e;
            throw e;
        } finally {
            if (!done && ended == null) {
                ended = misuse("was given up, because " + doing + " it failed");
            }
        }
    }

    private <T> T wrap(String what, IoThreads.Task<T> task) {
        try {
            return task.run();
        } catch (IOException e) {
            throw vault.io(what, e);
        }
    }

    private void refuseIfEnded() {
        if (ended != null) {
            throw new ContinuityException(
                    ended.kind() == FailureKind.INTERRUPTED ? FailureKind.UNEXPECTED : ended.kind(),
                    "the draft of object '" + object + "' takes nothing more (" + ended.getMessage() + ")",
                    "begin the object anew",
                    ended);
        }
    }

    private ContinuityException misuse(String what) {
        return vault.failure(
                FailureKind.MISCONFIGURED,
                "object '" + object + "' " + what,
                "create another draft for another object");
    }

    @Override
    public void close() {
        if (ended == null) {
            ended = misuse("was closed before it was committed");
        }
        try {
            io.last("giving up a draft of object '" + object + "'", () -> {
                files.discard();
                return true;
            });
        } catch (ContinuityException e) {
            // What is left is removed when the task ends, or by a later sweep.
        }
    }
}
