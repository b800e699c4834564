package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.spi.Deadline;
import com.cybernance.continuity.spi.Sink;
import com.cybernance.continuity.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one look saw. */
final class Seen<T> implements Sink<T> {
    final List<T> facts = new ArrayList<>();
    final List<String> blind = new ArrayList<>();
    final List<FailureKind> kinds = new ArrayList<>();
    final List<String> complete = new ArrayList<>();
    final List<Observation> asked = new ArrayList<>();

    static <T> Seen<T> by(Source<T> source) {
        return by(source, Duration.ofSeconds(12));
    }

    static <T> Seen<T> by(Source<T> source, Duration time) {
        Seen<T> seen = new Seen<>();
        try {
            source.look(in(time), seen);
        } catch (Exception e) {
            throw new AssertionError("the look threw", e);
        }
        return seen;
    }

    static Deadline in(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return () -> Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    @Override
    public void found(T fact) {
        facts.add(fact);
    }

    @Override
    public void blind(String scope, FailureKind kind, String why) {
        blind.add(scope + ": " + why);
        kinds.add(kind);
    }

    @Override
    public void complete(String scope) {
        complete.add(scope);
    }

    @Override
    public void asked(Observation observation) {
        asked.add(observation);
    }

    @Override
    public String toString() {
        return "facts %s, blind %s, complete %s".formatted(facts, blind, complete);
    }
}
