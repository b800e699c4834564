package com.cybernance.continuity.internal.guard;

import com.cybernance.continuity.facts.Blind;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Sink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a look reports and holds the provider to its contract. One breach spoils the whole look: facts from a
 * provider that mixes up its targets prove nothing.
 */
final class RecordingSink<T> implements Sink<T> {
    private final Facet<T> facet;
    private final TargetId id;
    private final Thread looker = Thread.currentThread();
    private final List<T> found = new ArrayList<>();
    private final List<Blind> blind = new ArrayList<>();
    private final Set<String> complete = new HashSet<>();
    private final List<Observation> asked = new ArrayList<>();
    private @Nullable String breach;
    private volatile boolean closed;

    RecordingSink(Facet<T> facet, TargetId id) {
        this.facet = facet;
        this.id = id;
    }

    @Override
    public void found(T fact) {
        if (usable("found")) {
            checkFact(fact);
            found.add(fact);
        }
    }

    /** Providers are compiled elsewhere, so neither null nor a foreign class can be ruled out here. */
    private void checkFact(@Nullable Object fact) {
        if (!facet.factType().isInstance(fact)) {
            breach("reported %s as a fact"
                    .formatted(fact == null ? "null" : fact.getClass().getName()));
            return;
        }
        ResourceId member = facet.memberOf(facet.factType().cast(fact));
        if (!member.target().equals(id)) {
            breach("reported a fact of another target, %s".formatted(member));
        }
    }

    @Override
    public void blind(String scope, FailureKind kind, String why) {
        if (usable("blind")) {
            blind.add(new Blind(scope, kind, why));
        }
    }

    @Override
    public void complete(String scope) {
        if (usable("complete")) {
            complete.add(scope);
        }
    }

    @Override
    public void asked(Observation observation) {
        if (usable("asked")) {
            asked.add(observation);
        }
    }

    private boolean usable(String call) {
        if (closed) {
            return false;
        }
        if (Thread.currentThread() != looker) {
            breach("called %s from a thread other than the one that looks".formatted(call));
            return false;
        }
        return true;
    }

    private synchronized void breach(String what) {
        if (breach == null) {
            breach = what;
        }
    }

    void close() {
        closed = true;
    }

    synchronized Sighting<T> sighting(Instant at) {
        if (breach != null) {
            return Sighting.failed(
                    at,
                    ALL,
                    FailureKind.UNEXPECTED,
                    "the provider %s. Hint: run the contract suite of %s on it".formatted(breach, facet));
        }
        return new Sighting<>(at, found, blind, complete, asked);
    }
}
