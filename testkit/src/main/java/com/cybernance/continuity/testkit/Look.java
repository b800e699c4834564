package com.cybernance.continuity.testkit;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One look on a thread of its own, with everything that it said. Thread-safe, since a bad source is not polite. */
final class Look<T> {
    /** A fact, and the scopes that had been completed when it came. */
    record Found<T>(T fact, Set<String> completeByThen) {}

    /** Something that stayed hidden. */
    record Blind(String scope, FailureKind kind, String why) {}

    private final List<Found<T>> found = new ArrayList<>();
    private final List<Blind> blind = new ArrayList<>();
    private final List<String> complete = new ArrayList<>();
    private final List<Observation> asked = new ArrayList<>();
    private final List<String> improper = new ArrayList<>();
    private final CountDownLatch late = new CountDownLatch(1);
    private final Thread thread;
    private boolean over;
    private @Nullable Throwable thrown;

    private Look(Source<T> source, Duration within, Runnable before) {
        thread = new Thread(
                () -> {
                    before.run();
                    run(source, within);
                },
                "look");
        thread.setDaemon(true);
    }

    /** Looks, and waits until the look ends or {@code patience} after the deadline. */
    static <T> Look<T> at(Source<T> source, Duration within, Duration patience) {
        Look<T> look = new Look<>(source, within, () -> {});
        look.thread.start();
        look.await(within.plus(patience));
        return look;
    }

    /** Looks on a thread that is interrupted already. */
    static <T> Look<T> interruptedAt(Source<T> source, Duration within, Duration patience) {
        Look<T> look = new Look<>(source, within, () -> Thread.currentThread().interrupt());
        look.thread.start();
        look.await(patience);
        return look;
    }

    /** Looks, and interrupts the look after a while. */
    static <T> Look<T> interruptedIn(Source<T> source, Duration within, Duration after, Duration patience) {
        Look<T> look = new Look<>(source, within, () -> {});
        look.thread.start();
        look.await(after);
        look.thread.interrupt();
        look.await(patience);
        return look;
    }

    private void run(Source<T> source, Duration within) {
        try {
            source.look(RealTime.deadline(within), new Recorder());
        } catch (Throwable e) { // a look may fail in any way; what it threw is what we are after
            synchronized (this) {
                thrown = e;
            }
        } finally {
            synchronized (this) {
                over = true;
            }
        }
    }

    private void await(Duration most) {
        try {
            thread.join(Math.max(1, most.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while a look was under way", e);
        }
    }

    /** Gives a source that keeps the sink some time to misuse it. */
    void awaitLateCalls(Duration most) {
        try {
            if (late.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the look ended in the time that it was given; what is still under way is told to stop. */
    synchronized boolean ended() {
        if (!over) {
            thread.interrupt();
        }
        return over;
    }

    synchronized Optional<Throwable> thrown() {
        return Optional.ofNullable(thrown);
    }

    synchronized List<Found<T>> found() {
        return List.copyOf(found);
    }

    synchronized List<T> facts() {
        return found.stream().map(Found::fact).toList();
    }

    synchronized List<Blind> blind() {
        return List.copyOf(blind);
    }

    synchronized List<String> complete() {
        return List.copyOf(complete);
    }

    synchronized List<Observation> asked() {
        return List.copyOf(asked);
    }

    /** Nulls, and calls from a wrong thread or after the look, in words. */
    synchronized List<String> improper() {
        return List.copyOf(improper);
    }

    private final class Recorder implements Sink<T> {
        @Override
        public void found(T fact) {
            synchronized (Look.this) {
                if (proper("found", fact)) {
                    found.add(new Found<>(fact, Set.copyOf(complete)));
                }
            }
        }

        @Override
        public void blind(String scope, FailureKind kind, String why) {
            synchronized (Look.this) {
                if (proper("blind", scope, kind, why)) {
                    blind.add(new Blind(scope, kind, why));
                }
            }
        }

        @Override
        public void complete(String scope) {
            synchronized (Look.this) {
                if (proper("complete", scope)) {
                    complete.add(scope);
                }
            }
        }

        @Override
        public void asked(Observation observation) {
            synchronized (Look.this) {
                if (proper("asked", observation)) {
                    asked.add(observation);
                }
            }
        }

        private boolean proper(String call, @Nullable Object... arguments) {
            if (over) {
                improper.add(call + " was called after the look had ended");
                late.countDown();
                return false;
            }
            if (Thread.currentThread() != thread) {
                improper.add("%s was called on another thread: %s"
                        .formatted(call, Thread.currentThread().getName()));
            }
            for (Object argument : arguments) {
                if (argument == null) {
                    improper.add(call + " was called with a null");
                    return false;
                }
            }
            return true;
        }
    }
}
