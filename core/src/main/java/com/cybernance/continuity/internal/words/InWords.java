package com.cybernance.continuity.internal.words;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Writes figures for sentences. Promised figures are never rounded: two that differ never read the same. */
public final class InWords {
    private static final int MOST_OF_ONE_UNIT = 120;

    private InWords() {}

    /** A duration, for example {@code 5 minutes}, {@code 24 hours}, {@code 90 seconds}, {@code 25.92 seconds}. */
    public static String duration(Duration duration) {
        if (duration.isNegative()) {
            return "minus " + duration(duration.negated());
        }
        long seconds = duration.toSeconds();
        if (duration.toNanosPart() != 0) {
            return seconds < MOST_OF_ONE_UNIT ? fraction(duration) : parts(duration);
        }
        if (seconds % 86_400 == 0 && seconds >= 2 * 86_400) {
            return count(seconds / 86_400, "day");
        }
        if (seconds % 3_600 == 0 && seconds != 0 && seconds / 3_600 <= MOST_OF_ONE_UNIT) {
            return count(seconds / 3_600, "hour");
        }
        if (seconds % 60 == 0 && seconds != 0 && seconds / 60 <= MOST_OF_ONE_UNIT) {
            return count(seconds / 60, "minute");
        }
        return seconds <= MOST_OF_ONE_UNIT ? count(seconds, "second") : parts(duration);
    }

    /** A measured duration, cut to its two largest units: {@code 3 min 20 s}; {@code 4 ms} below a second. */
    public static String about(Duration measured) {
        if (measured.compareTo(Duration.ofSeconds(1)) < 0) {
            return measured.toMillis() + " ms";
        }
        long[] values = {measured.toDays(), measured.toHoursPart(), measured.toMinutesPart(), measured.toSecondsPart()};
        String[] units = {"d", "h", "min", "s"};
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < values.length && parts.size() < 2; i++) {
            if (values[i] > 0) {
                parts.add(values[i] + " " + units[i]);
            }
        }
        return String.join(" ", parts);
    }

    /** A share of one in per cent, for example {@code 99.999 %}. */
    public static String share(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    }

    /** A count with its noun, for example {@code 1 copy}, {@code 3 servers}; the plural by the common rule. */
    public static String count(long count, String noun) {
        return count == 1 ? "1 " + noun : count + " " + plural(noun);
    }

    /** The plural by the common rule: {@code copies}, {@code servers}. */
    public static String plural(String noun) {
        return noun.matches(".*[^aeiou]y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }

    private static String parts(Duration duration) {
        List<String> parts = new ArrayList<>();
        add(parts, duration.toDays(), "day");
        add(parts, duration.toHoursPart(), "hour");
        add(parts, duration.toMinutesPart(), "minute");
        Duration rest = Duration.ofSeconds(duration.toSecondsPart(), duration.toNanosPart());
        if (!rest.isZero()) {
            parts.add(rest.toNanosPart() == 0 ? count(rest.toSeconds(), "second") : fraction(rest));
        }
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, long count, String noun) {
        if (count != 0) {
            parts.add(count(count, noun));
        }
    }

    private static String fraction(Duration duration) {
        BigDecimal seconds =
                BigDecimal.valueOf(duration.toSeconds()).add(BigDecimal.valueOf(duration.toNanosPart(), 9));
        return seconds.stripTrailingZeros().toPlainString() + " seconds";
    }
}
