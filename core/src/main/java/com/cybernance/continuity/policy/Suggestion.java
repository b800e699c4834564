package com.cybernance.continuity.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What the author of a misspelt word probably meant. */
final class Suggestion {
    private static final int LONGEST = 40;

    private Suggestion() {}

    /** How a message goes on after naming a word that is not valid: the nearest valid one, and all of them. */
    static String of(String word, Collection<String> valid) {
        String all = "valid: " + String.join(", ", valid);
        return nearest(word, valid)
                .map(near -> "did you mean %s? %s".formatted(near, all))
                .orElse(all);
    }

    private static Optional<String> nearest(String word, Collection<String> valid) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        return valid.stream()
                .filter(each -> distance(word, each) <= Math.max(1, each.length() / 3))
                .min(Comparator.comparingInt(each -> distance(word, each)));
    }

    /** How many letters must be changed, added or removed. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
