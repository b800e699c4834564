package com.cybernance.continuity.check;

import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Measured times in one line, with how many there are: {@code 3 samples, median 2 s, 95 % within 4 s, worst 4 s}. */
final class Spread {
    private Spread() {}

    static String of(Collection<Duration> measured, String noun) {
        List<Duration> sorted = measured.stream().sorted().toList();
        String count = InWords.count(sorted.size(), noun);
        if (sorted.isEmpty()) {
            return count;
        }
        Duration worst = sorted.get(sorted.size() - 1);
        return sorted.size() == 1
                ? "%s, %s".formatted(count, InWords.about(worst))
                : "%s, median %s, 95 %% within %s, worst %s"
                        .formatted(
                                count,
                                InWords.about(at(sorted, 50)),
                                InWords.about(at(sorted, 95)),
                                InWords.about(worst));
    }

    /** The smallest that at least so many per cent do not exceed. */
    private static Duration at(List<Duration> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
}
