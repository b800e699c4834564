package com.cybernance.continuity.restore;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A copy of a restore point that was not chosen.
 *
 * @param point the restore point's id
 * @param copy the copy's id
 * @param why each reason, in words and numbers
 */
public record Rejected(String point, String copy, List<String> why) {
    private static final int MOST = 10;

    public Rejected {
        requireNonNull(point, "point");
        requireNonNull(copy, "copy");
        why = List.copyOf(why);
    }

    @Override
    public String toString() {
        return "%s in %s: %s".formatted(point, copy, String.join(", and ", why));
    }

    /** The first ten for a message, each on a line of its own, and how many more there are. */
    static String lines(List<Rejected> rejected) {
        String more = rejected.size() > MOST ? "\n- and %d more".formatted(rejected.size() - MOST) : "";
        return rejected.stream().limit(MOST).map(each -> "\n- " + each).collect(Collectors.joining()) + more;
    }
}
