package com.cybernance.continuity.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the author of a misspelt word probably meant. */
final class Suggestion {
    private static final int LONGEST = 40;
    private static final int MOST_LISTED = 20;
    private static final int MOST_COMPARED = 100;

    private Suggestion() {}

    /** How a message goes on after naming a word that is not valid: the nearest valid one, and the first of all. */
    static String of(String word, Collection<String> valid) {
        String some = "valid: " + valid.stream().limit(MOST_LISTED).collect(Collectors.joining(", "));
        int left = valid.size() - MOST_LISTED;
        String list = left > 0 ? "%s and %d more".formatted(some, left) : some;
        return nearest(word, valid)
                .map(near -> "did you mean %s? %s".formatted(near, list))
                .orElse(list);
    }

    private static Optional<String> nearest(String word, Collection<String> valid) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        record Near(String valid, int distance) {}
        return valid.stream()
                .limit(MOST_COMPARED)
                .filter(each -> Math.abs(each.length() - word.length()) <= farthest(each))
                .map(each -> new Near(each, distance(word, each)))
                .filter(near -> near.distance <= farthest(near.valid))
                .min(Comparator.comparingInt(Near::distance))
                .map(Near::valid);
    }

    private static int farthest(String valid) {
        return Math.max(1, valid.length() / 3);
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
