package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What the values of a promise must satisfy, and how two of them compare. Each refusal names the value as files do. */
final class Figures {
    /** Longer times are a slip of the pen, and would overflow a count of nanoseconds. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private Figures() {}

    static void time(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(
                    "%s is %s: must be more than zero".formatted(name, InWords.duration(value)));
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "%s is %s: must be at most %s".formatted(name, InWords.duration(value), InWords.duration(LONGEST)));
        }
    }

    static void share(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "%s is %s: must be more than 0 and at most 1 (or 100 %%)".formatted(name, value));
        }
    }

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("%s is %d: must be at least %d".formatted(name, value, least));
        }
    }

    static void atMost(String name, int value, int most) {
        if (value > most) {
            throw new IllegalArgumentException("%s is %d: must be at most %d".formatted(name, value, most));
        }
    }

    static void text(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is empty");
        }
    }

    static void some(String name, Collection<?> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty: name at least one");
        }
    }

    /** What is weaker when a limit on a time has grown. */
    static List<String> longer(String what, Duration before, Duration after) {
        return after.compareTo(before) > 0 ? List.of(change(what, before, after)) : List.of();
    }

    /** What is weaker when a time that was promised has shrunk. */
    static List<String> shorter(String what, Duration before, Duration after) {
        return after.compareTo(before) < 0 ? List.of(change(what, before, after)) : List.of();
    }

    static List<String> fewer(String what, int before, int after) {
        return after < before ? List.of("%s was %d, now %d".formatted(what, before, after)) : List.of();
    }

    /** No factor stands for another one, so any other factor is a weakening. */
    static List<String> other(String what, Factor before, Factor after) {
        return after == before ? List.of() : List.of("%s was %s, now %s".formatted(what, before.word(), after.word()));
    }

    static List<String> dropped(String what, Collection<String> before, Collection<String> after) {
        return before.stream()
                .filter(each -> !after.contains(each))
                .sorted()
                .map(each -> "%s no longer includes %s".formatted(what, each))
                .collect(Collectors.toList());
    }

    /** The words of factors, in the order of their declaration. */
    static List<String> words(Collection<Factor> factors) {
        return factors.stream()
                .sorted(Comparator.naturalOrder())
                .map(Factor::word)
                .collect(Collectors.toList());
    }

    private static String change(String what, Duration before, Duration after) {
        return "%s was %s, now %s".formatted(what, InWords.duration(before), InWords.duration(after));
    }
}
