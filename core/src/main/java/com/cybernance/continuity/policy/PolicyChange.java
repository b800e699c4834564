package com.cybernance.continuity.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a new version of a policy does to the promises of the one before it. */
public final class PolicyChange {
    private final Policy before;
    private final Policy after;
    private final List<Weakening> found = new ArrayList<>();

    private PolicyChange(Policy before, Policy after) {
        this.before = before;
        this.after = after;
    }

    /**
     * What the new version promises less: clauses that are gone (they are known by their ids), objectives that ask for
     * less or for something else, evidence that may be older, fewer people told, another judge (an effect or a vendor's
     * own word), sentences that their clause or every clause no longer covers, silence that is new or lasts longer, and periods that are scaled more.
     * What it promises more is not listed.
     */
    public static List<Weakening> weakenings(Policy before, Policy after) {
        PolicyChange change = new PolicyChange(before, after);
        change.clauses();
        change.sentences();
        change.waivers();
        change.periodScale();
        return List.copyOf(change.found);
    }

    private void clauses() {
        Map<String, Clause> now = after.clauses().stream().collect(Collectors.toMap(Clause::id, Function.identity()));
        for (Clause old : before.clauses()) {
            Clause clause = now.get(old.id());
            if (clause == null) {
                add(old.id(), "the clause is gone (\"%s\")".formatted(old.promise()));
            } else {
                clause(old, clause);
            }
        }
    }

    private void clause(Clause old, Clause now) {
        if (!old.subject().equals(now.subject())) {
            add(old.id(), "the subject was %s, now %s".formatted(old.subject(), now.subject()));
        }
        objective(old.objective(), now.objective()).forEach(what -> add(old.id(), what));
        Figures.longer("the age of the evidence", old.evidenceAge(), now.evidenceAge())
                .forEach(what -> add(old.id(), what));
        if (now.severity().compareTo(old.severity()) > 0) {
            add(
                    old.id(),
                    "the severity was %s, now %s"
                            .formatted(old.severity().word(), now.severity().word()));
        }
        if (!old.vendor().equals(now.vendor())) {
            add(old.id(), "was judged by %s, now by %s".formatted(judge(old), judge(now)));
        }
    }

    /** Neither stands for the other: an effect may be seen where a vendor says nothing, and the other way round. */
    private static String judge(Clause clause) {
        return clause.vendor().map(vendor -> vendor + "'s own word").orElse("its effect");
    }

    private static List<String> objective(Objective old, Objective now) {
        return old.getClass() == now.getClass()
                ? now.weakerThan(old)
                : List.of("another objective: was \"%s\", now \"%s\"".formatted(old, now));
    }

    private void sentences() {
        Map<String, Set<String>> covered = after.clauses().stream()
                .collect(Collectors.toMap(Clause::id, clause -> Set.copyOf(clause.sentences())));
        Map<String, String> cover = new HashMap<>();
        after.clauses().forEach(clause -> clause.sentences().forEach(each -> cover.putIfAbsent(each, clause.id())));
        for (Clause old : before.clauses()) {
            for (String sentence : new TreeSet<>(old.sentences())) {
                String other = cover.get(sentence);
                if (other == null) {
                    add(old.id(), "no clause covers sentence %s any more".formatted(sentence));
                } else if (covered.containsKey(old.id())
                        && !covered.get(old.id()).contains(sentence)) {
                    add(old.id(), "no longer covers sentence %s, which %s covers".formatted(sentence, other));
                }
            }
        }
    }

    /** Days of silence that no waiver gave before. */
    private void waivers() {
        for (Waiver waiver : after.waivers()) {
            boolean given = waiver.from()
                    .datesUntil(waiver.until().plusDays(1))
                    .allMatch(day -> before.waivers().stream()
                            .anyMatch(old -> old.clause().equals(waiver.clause()) && old.inForceOn(day)));
            if (!given) {
                add(
                        waiver.clause(),
                        "silent from %s until %s, by %s: %s"
                                .formatted(waiver.from(), waiver.until(), waiver.owner(), waiver.reason()));
            }
        }
    }

    /** A divided period forgets a breach sooner. It concerns each clause over a period; the policy's name stands for all. */
    private void periodScale() {
        int old = before.periodScale().orElse(1);
        int now = after.periodScale().orElse(1);
        if (now > old) {
            add(
                    after.name(),
                    "all periods are divided by %d, before %s: such a policy holds in a rehearsal alone"
                            .formatted(now, old == 1 ? "they were as they say" : "by " + old));
        }
    }

    private void add(String clause, String what) {
        found.add(new Weakening(clause, what));
    }
}
