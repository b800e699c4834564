package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Verifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Cuts a process off at the nth of its calls to the outside: before the call, or after it took effect and before anybody
 * heard of it.
 */
final class Cuts {
    private int left;

    /** @param at which instant to cut at, from 0; there are two for each call */
    Cuts(int at) {
        left = at;
    }

    /** The process is gone. Nothing may catch this. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    private void instant() {
        if (left-- == 0) {
            throw new Crash();
        }
    }

    private <T> T call(Supplier<T> call) {
        instant();
        T value = call.get();
        instant();
        return value;
    }

    /** How many instants were left when the process ended by itself; negative once it was cut. */
    int left() {
        return left;
    }

    StateStore store(StateStore real) {
        return new StateStore() {
            @Override
            public void create(String document, byte[] content) {
                real.create(document, content);
            }

            @Override
            public Optional<byte[]> read(String document) {
                return real.read(document);
            }

            @Override
            public Writer open(String stream) {
                return writer(call(() -> real.open(stream)));
            }

            @Override
            public void replay(String stream, Consumer<Entry> each) {
                real.replay(stream, each);
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    private StateStore.Writer writer(StateStore.Writer real) {
        return new StateStore.Writer() {
            @Override
            public StateStore.Entry append(byte[] payload) {
                return call(() -> real.append(payload));
            }

            @Override
            public long epoch() {
                return real.epoch();
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    Restorer restorer(Restorer real) {
        return new Restorer() {
            @Override
            public List<String> steps(RestoreRequest request) {
                return real.steps(request);
            }

            @Override
            public void begin(String run, RestoreRequest request, String step, Map<String, String> earlier) {
                call(() -> {
                    real.begin(run, request, step, earlier);
                    return true;
                });
            }

            @Override
            public Progress poll(String run, RestoreRequest request, String step) {
                return call(() -> real.poll(run, request, step));
            }

            @Override
            public void discard(String run, RestoreRequest request) {
                call(() -> {
                    real.discard(run, request);
                    return true;
                });
            }
        };
    }

    Verifier verifier(Verifier real) {
        return new Verifier() {
            @Override
            public Comparison compare(
                    String run, RestoreRequest request, Map<String, String> results, Deadline deadline) {
                return call(() -> real.compare(run, request, results, deadline));
            }
        };
    }
}
