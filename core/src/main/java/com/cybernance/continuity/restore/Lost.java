package com.cybernance.continuity.restore;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;

/**
 * Something that is lost, with every copy that may share it.
 *
 * @param factor what kind of thing
 * @param value which one, as places name it
 */
public record Lost(Factor factor, String value) implements Comparable<Lost> {
    public Lost {
        requireNonNull(factor, "factor");
        requireNonNull(value, "value");
    }

    /** Whether the copy may be lost with it. A copy whose place does not name the factor counts as sharing it. */
    boolean takes(Copy copy) {
        return !copy.place().apartFrom(Place.declared(factor, value, "the goal"), factor);
    }

    @Override
    public int compareTo(Lost other) {
        int byFactor = factor.compareTo(other.factor);
        return byFactor != 0 ? byFactor : value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return factor.inProse() + " " + value;
    }
}
