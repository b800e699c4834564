package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.ThisProcess;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.StateStore.Entry;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The holder of a lease in a vault. */
final class VaultStreamWriter implements StateStore.Writer {
    private static final int ATTEMPTS = 100;

    private final VaultStream stream;
    private final Consumer<VaultStreamWriter> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private VaultStream.End end;
    private long epoch;

    /** The hashes of next records of which interrupted calls did not hear whether they were written; one may be. */
    private final Set<String> uncertain = new HashSet<>();

    private @Nullable ContinuityException ended;

    VaultStreamWriter(VaultStream stream, Consumer<VaultStreamWriter> onClose) {
        this.stream = stream;
        this.onClose = onClose;
        this.end = new VaultStream.End(0, VaultRecord.origin(stream.name()), 0);
    }

    /** Takes the next epoch, noting how far the stream came, then reads on what was appended meanwhile. */
    void take() {
        VaultStream.End seen = stream.walk(each -> {});
        long next = stream.newestEpoch() + 1;
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                String holder = ThisProcess.description();
                VaultStream.put(stream.vault(), stream.epoch(next), VaultStream.epoch(seen, holder));
                epoch = next;
                end = stream.walk(seen, new VaultStream.Taken(next, seen.sequence(), seen.hash(), holder), each -> {});
                return;
            } catch (ContinuityException e) {
                if (e.kind() != FailureKind.CONFLICT || epoch == next) {
                    throw e;
                }
                next++; // somebody else took it first
            }
        }
        throw stream.failure(
                FailureKind.CONFLICT,
                "others took its lease " + ATTEMPTS + " times meanwhile",
                "make sure that one process opens it");
    }

    @Override
    public Entry append(byte[] payload) {
        byte[] own = payload.clone();
        if (own.length > VaultRecord.MOST) {
            throw stream.failure(
                    FailureKind.MISCONFIGURED,
                    "a record of " + own.length + " bytes: expected at most " + VaultRecord.MOST,
                    "keep large things elsewhere, and their digest here");
        }
        lock.lock();
        try {
            refuseIfEnded();
            return appendNow(own);
        } catch (ContinuityException e) {
            if (ended == null && e.kind() != FailureKind.INTERRUPTED) {
                ended = e;
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private Entry appendNow(byte[] payload) {
        refuseIfFenced();
        long sequence = end.sequence() + 1;
        byte[] record = VaultRecord.of(sequence, epoch, end.hash(), payload);
        Entry entry = parsed(record);
        try {
            VaultStream.put(stream.vault(), stream.record(sequence), record);
        } catch (ContinuityException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                uncertain.add(entry.hash());
            }
            if (e.kind() != FailureKind.CONFLICT) {
                throw e;
            }
            Entry there = parsed(stream.bytes(stream.record(sequence), "record " + sequence));
            if (!uncertain.contains(there.hash())) {
                throw lost("record " + sequence + " was appended by another writer", e);
            }
            accept(there);
            return appendNow(payload);
        }
        return accept(entry);
    }

    private Entry parsed(byte[] record) {
        Entry entry = VaultRecord.parse(record);
        if (entry == null) {
            throw stream.corrupt("record " + (end.sequence() + 1) + " is none");
        }
        return entry;
    }

    private Entry accept(Entry entry) {
        uncertain.clear();
        end = new VaultStream.End(entry.sequence(), entry.hash(), entry.epoch());
        return entry;
    }

    private void refuseIfFenced() {
        if (stream.vault().find(stream.epoch(epoch + 1)).isPresent()) {
            String holder = stream.taken(epoch + 1).holder();
            throw lost("its lease was taken over by " + holder + ", epoch " + (epoch + 1), null);
        }
    }

    private ContinuityException lost(String what, @Nullable ContinuityException cause) {
        ContinuityException lost = stream.failure(
                FailureKind.CONFLICT, what, "make sure that one process writes the stream, then open it anew");
        if (cause != null) {
            lost.initCause(cause);
        }
        return lost;
    }

    private void refuseIfEnded() {
        if (ended != null) {
            throw refused(ended);
        }
    }

    private ContinuityException refused(ContinuityException cause) {
        return new ContinuityException(
                cause.kind() == FailureKind.INTERRUPTED ? FailureKind.UNEXPECTED : cause.kind(),
                "stream '" + stream.name() + "' in vault '" + stream.vault().name() + "' takes no more records ("
                        + cause.getMessage() + ")",
                "open the stream anew",
                cause);
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            ended = stream.failure(FailureKind.MISCONFIGURED, "the writer is closed", "open the stream anew");
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }
}
