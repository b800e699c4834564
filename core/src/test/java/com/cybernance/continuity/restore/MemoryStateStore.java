package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.StateStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Streams in memory, each with one writer at a time, which outlive the processes of a test. */
final class MemoryStateStore implements StateStore {
    private final Map<String, List<byte[]>> streams = new LinkedHashMap<>();
    private final Set<String> held = new HashSet<>();

    /** The process that held leases is gone. */
    void die() {
        held.clear();
    }

    List<byte[]> records(String stream) {
        return streams.computeIfAbsent(stream, none -> new ArrayList<>());
    }

    Set<String> names() {
        return streams.keySet();
    }

    @Override
    public void create(String document, byte[] content) {
        throw new UnsupportedOperationException("no documents are kept here");
    }

    @Override
    public Optional<byte[]> read(String document) {
        return Optional.empty();
    }

    @Override
    public Writer open(String stream) {
        if (!held.add(stream)) {
            throw new ContinuityException(FailureKind.CONFLICT, "stream '" + stream + "' is held", "wait");
        }
        List<byte[]> records = records(stream);
        return new Writer() {
            @Override
            public Entry append(byte[] payload) {
                records.add(payload.clone());
                return new Entry(records.size(), 1, "", payload);
            }

            @Override
            public long epoch() {
                return 1;
            }

            @Override
            public void close() {
                held.remove(stream);
            }
        };
    }

    @Override
    public void replay(String stream, Consumer<Entry> each) {
        long number = 0;
        for (byte[] record : List.copyOf(streams.getOrDefault(stream, List.of()))) {
            number++;
            each.accept(new Entry(number, 1, "", record.clone()));
        }
    }

    @Override
    public void close() {
        held.clear();
    }
}
