package com.cybernance.continuity.testkit;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.Source;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * A way in which a look goes wrong, for {@link FaultyTarget}.
 *
 * @param <T> the facts that are seen
 */
@FunctionalInterface
public interface Fault<T> {
    /** Looks in place of the real source, which it may or may not use. */
    void look(Source<T> real, Deadline deadline, Sink<T> sink) throws Exception;

    /** Never ends, until the thread is interrupted. Ignores the deadline. */
    static <T> Fault<T> hang() {
        return (real, deadline, sink) -> new CountDownLatch(1).await();
    }

    /** Ignores the deadline and interruption, and ends in silence after the time. */
    static <T> Fault<T> hangDeaf(Duration time) {
        return (real, deadline, sink) -> RealTime.waitDeaf(time);
    }

    /** Recurses until the stack is full. */
    static <T> Fault<T> overflowTheStack() {
        return new Fault<>() {
            @Override
            @SuppressWarnings("InfiniteRecursion")
            public void look(Source<T> real, Deadline deadline, Sink<T> sink) throws Exception {
                look(real, deadline, sink);
            }
        };
    }

    /** Throws what a missing or mismatched library causes. */
    static <T> Fault<T> missAClass() {
        return (real, deadline, sink) -> {
            throw new NoClassDefFoundError("com/example/Driver");
        };
    }

    /** Throws a checked exception of which the kind is not known. */
    static <T> Fault<T> fail() {
        return fail(new IOException("connection reset by peer"));
    }

    /** Throws the exception. */
    static <T> Fault<T> fail(Exception failure) {
        return (real, deadline, sink) -> {
            throw failure;
        };
    }

    /** Looks, then reports a null as a fact before it completes. */
    @SuppressWarnings("NullAway") // it is the fault
    static <T> Fault<T> reportNull() {
        return (real, deadline, sink) -> real.look(deadline, new Passing<>(sink) {
            private boolean done;

            @Override
            public void complete(String scope) {
                if (!done) {
                    done = true;
                    super.found((T) null);
                }
                super.complete(scope);
            }
        });
    }

    /** Reports everything as if it were about another target. */
    static <T> Fault<T> reportFor(TargetId other) {
        return lie(fact -> Strangers.about(other, fact));
    }

    /** Reports the facts, and ends in silence without completing a scope. */
    static <T> Fault<T> stopHalfway() {
        return (real, deadline, sink) -> real.look(deadline, new Passing<>(sink) {
            @Override
            public void complete(String scope) {}
        });
    }

    /** Completes every scope twice. */
    static <T> Fault<T> completeTwice() {
        return (real, deadline, sink) -> real.look(deadline, new Passing<>(sink) {
            @Override
            public void complete(String scope) {
                super.complete(scope);
                super.complete(scope);
            }
        });
    }

    /** Completes the scopes and reports nothing in them. */
    static <T> Fault<T> seeNothing() {
        return (real, deadline, sink) -> real.look(deadline, new Passing<>(sink) {
            @Override
            public void found(T fact) {}
        });
    }

    /** Sees nothing and says so. */
    static <T> Fault<T> blind(FailureKind kind) {
        return (real, deadline, sink) ->
                sink.blind(Sink.ALL, kind, "a fault of kind %s was injected. Hint: heal it".formatted(kind));
    }

    /** Reports every fact changed. */
    static <T> Fault<T> lie(UnaryOperator<T> change) {
        return (real, deadline, sink) -> real.look(deadline, new Passing<>(sink) {
            @Override
            public void found(T fact) {
                super.found(change.apply(fact));
            }
        });
    }

    /**
     * Hands everything on.
     *
     * @param <T> the facts that are seen
     */
    class Passing<T> implements Sink<T> {
        private final Sink<T> to;

        /** Hands on to the sink. */
        public Passing(Sink<T> to) {
            this.to = to;
        }

        @Override
        public void found(T fact) {
            to.found(fact);
        }

        @Override
        public void blind(String scope, FailureKind kind, String why) {
            to.blind(scope, kind, why);
        }

        @Override
        public void complete(String scope) {
            to.complete(scope);
        }

        @Override
        public void asked(Observation observation) {
            to.asked(observation);
        }
    }
}
