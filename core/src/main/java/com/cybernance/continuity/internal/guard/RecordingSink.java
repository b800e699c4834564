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
 * provider that mixes up its targets prove nothing. Thread-safe, because a look is given up from another thread.
 */
final class RecordingSink<T> implements Sink<T> {
    /** More than any policy's estate holds; beyond it a provider is more likely broken than right. */
    static final int MOST = 100_000;

    private final Facet<T> facet;
    private final TargetId id;
    private final List<T> found = new ArrayList<>();
    private final List<Blind> blind = new ArrayList<>();
    private final Set<String> complete = new HashSet<>();
    private final List<Observation> asked = new ArrayList<>();
    private @Nullable Thread looker;
    private @Nullable String breach;
    private int calls;
    private boolean closed;

    RecordingSink(Facet<T> facet, TargetId id) {
        this.facet = facet;
        this.id = id;
    }

    synchronized void openFor(Thread thread) {
        looker = thread;
    }

    @Override
    public synchronized void found(T fact) {
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
    public synchronized void blind(String scope, FailureKind kind, String why) {
        if (usable("blind")) {
            blind.add(new Blind(scope, kind, why));
        }
    }

    @Override
    public synchronized void complete(String scope) {
        if (usable("complete")) {
            complete.add(scope);
        }
    }

    @Override
    public synchronized void asked(Observation observation) {
        if (usable("asked")) {
            asked.add(observation);
        }
    }

    private boolean usable(String call) {
        if (closed) {
            // Ends a provider that goes on and on although its look was given up.
            throw new IllegalStateException("the look is over");
        }
        if (Thread.currentThread() != looker) {
            breach("called %s from a thread other than the one that looks".formatted(call));
            return false;
        }
        calls++;
        if (calls > MOST) {
            breach("reported more than %d things in one look".formatted(MOST));
            closed = true;
            throw new IllegalStateException("more than %d things in one look".formatted(MOST));
        }
        return true;
    }

    private void breach(String what) {
        if (breach == null) {
            breach = what;
        }
    }

    synchronized void close() {
        closed = true;
    }

    /** What a look brought that ended by itself. */
    synchronized Sighting<T> sighting(Instant at) {
        return breach == null ? new Sighting<>(at, found, blind, complete, asked) : spoiled(at);
    }

    /** What a look had brought when it failed or was given up: it counts, and everything else is hidden. */
    synchronized Sighting<T> cutShort(Instant at, FailureKind kind, String why) {
        closed = true;
        if (breach != null) {
            return spoiled(at);
        }
        List<Blind> hidden = new ArrayList<>(blind);
        hidden.add(new Blind(ALL, kind, why));
        return new Sighting<>(at, found, hidden, complete, asked);
    }

    private Sighting<T> spoiled(Instant at) {
        return Sighting.failed(
                at,
                ALL,
                FailureKind.UNEXPECTED,
                "the provider %s. Hint: run the contract suite of %s on it".formatted(breach, facet));
    }
}
