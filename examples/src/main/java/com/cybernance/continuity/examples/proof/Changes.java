package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Finding;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.examples.proof.sabotage.Moves;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How two reports on one policy differ. */
final class Changes {
    private final List<Change> changes;
    private final Set<String> sentences;

    private Changes(List<Change> changes, Collection<String> order) {
        this.changes = List.copyOf(changes);
        this.sentences = new LinkedHashSet<>(order);
        sentences.removeIf(each -> changes.stream()
                .noneMatch(change -> change.now().clause().sentences().contains(each)));
    }

    static Changes between(Report before, Report after) {
        Map<String, Verdict> was = verdicts(before);
        List<Change> changes = after.findings().stream()
                .map(finding -> new Change(was.getOrDefault(finding.clause().id(), Verdict.UNKNOWN), finding))
                .filter(change -> change.before() != change.now().verdict())
                .toList();
        return new Changes(changes, after.sentences().keySet());
    }

    private static Map<String, Verdict> verdicts(Report report) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        report.findings().forEach(finding -> verdicts.put(finding.clause().id(), finding.verdict()));
        return verdicts;
    }

    /** The sentences with a clause whose verdict changed, in the order of their numbers. */
    Set<String> sentences() {
        return Collections.unmodifiableSet(sentences);
    }

    /** The same, each with the verdict that it moved to: the worst of its clauses that changed. */
    Moves moves() {
        Map<String, String> moves = new LinkedHashMap<>();
        for (String sentence : sentences) {
            List<Verdict> now = changes.stream()
                    .filter(change -> change.now().clause().sentences().contains(sentence))
                    .map(change -> change.now().verdict())
                    .toList();
            moves.put(sentence, Verdict.worst(now).name());
        }
        return new Moves(moves);
    }

    List<Change> clauses() {
        return changes;
    }

    /** One clause whose verdict changed. */
    record Change(Verdict before, Finding now) {
        @Override
        public String toString() {
            return "%s: %s -> %s".formatted(now.clause().id(), before, now.verdict());
        }
    }

    @Override
    public String toString() {
        return changes.isEmpty()
                ? "no verdict changed"
                : changes.stream().map(Change::toString).collect(Collectors.joining(", "));
    }
}
