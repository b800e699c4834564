package com.cybernance.continuity.examples.proof.sabotage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which sentences move, and to which verdict each does, in the words of a report.
 *
 * @param verdicts the verdict by the sentence's number
 */
public record Moves(Map<String, String> verdicts) {
    private static final String BREACHED = "BREACHED";
    private static final String UNKNOWN = "UNKNOWN";

    public Moves {
        verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
    }

    /** These sentences are seen not to hold, and no other one moves. */
    static Moves breached(Collection<String> sentences) {
        return new Moves(Map.of()).with(BREACHED, sentences);
    }

    /** Nobody knows whether these sentences hold, and no other one moves. */
    static Moves unknown(Collection<String> sentences) {
        return new Moves(Map.of()).with(UNKNOWN, sentences);
    }

    /** As before, and these are seen not to hold. */
    Moves andBreached(Collection<String> sentences) {
        return with(BREACHED, sentences);
    }

    /** As before, and nobody knows whether these hold. */
    Moves andUnknown(Collection<String> sentences) {
        return with(UNKNOWN, sentences);
    }

    private Moves with(String verdict, Collection<String> sentences) {
        Map<String, String> all = new LinkedHashMap<>(verdicts);
        sentences.forEach(each -> all.put(each, verdict));
        return new Moves(all);
    }

    /** Where a sentence stands in its document: by section, then by number. */
    private static int place(String sentence) {
        String[] parts = sentence.split("\\.", -1);
        return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    }

    /** As a report, a list and the documentation write it: {@code BREACHED 1.8, 1.9; UNKNOWN 1.1}. */
    @Override
    public String toString() {
        List<String> groups = new ArrayList<>();
        for (String verdict : new TreeSet<>(verdicts.values())) {
            List<String> sentences = verdicts.keySet().stream()
                    .filter(each -> verdict.equals(verdicts.get(each)))
                    .sorted(Comparator.comparingInt(Moves::place))
                    .toList();
            groups.add(verdict + " " + String.join(", ", sentences));
        }
        return groups.isEmpty() ? "no sentence" : String.join("; ", groups);
    }
}
