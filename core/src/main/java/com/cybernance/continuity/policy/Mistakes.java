package com.cybernance.continuity.policy;

import com.cybernance.continuity.policy.Node.Position;
import com.cybernance.continuity.policy.PolicyException.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** Collects the mistakes of one file, so that its author learns of all of them at once. */
final class Mistakes {
    private static final int MOST_LISTED = 100;

    private final String source;
    private final List<Mistake> listed = new ArrayList<>();
    private int count;

    Mistakes(String source) {
        this.source = source;
    }

    void add(Position at, String message) {
        add(at, () -> message);
    }

    /** Asks for the message only if it will be listed. */
    void add(Position at, Supplier<String> message) {
        count++;
        if (listed.size() < MOST_LISTED) {
            listed.add(new Mistake(at.line(), at.column(), message.get()));
        }
    }

    int count() {
        return count;
    }

    /** Ends the reading with what was found and one mistake that leaves no sense in going on. */
    PolicyException fatal(Position at, String message) {
        add(at, message);
        return exception();
    }

    void throwIfAny() {
        if (count > 0) {
            throw exception();
        }
    }

    private PolicyException exception() {
        List<Mistake> sorted = new ArrayList<>(listed);
        sorted.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
        return new PolicyException(source, sorted, count - listed.size());
    }
}
