package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Prints what sabotage did to the verdicts. */
final class SabotageText {
    private static final int LABEL_WIDTH = 11;

    private final Terminal terminal;

    SabotageText(Terminal terminal) {
        this.terminal = terminal;
    }

    static void list(Terminal terminal, List<Sabotage> sabotages) {
        for (Sabotage sabotage : sabotages) {
            terminal.line(terminal.bold(sabotage.name()));
            terminal.labelled(2, "broken", LABEL_WIDTH, sabotage.description());
            terminal.labelled(2, "must move", LABEL_WIDTH, String.join(", ", sabotage.mustMove()));
        }
    }

    void baseline(Report baseline, List<String> deviations) {
        terminal.line("Unbroken: " + ReportText.clauses(baseline));
        deviations.forEach(each -> terminal.labelled(2, "worse", LABEL_WIDTH, each));
    }

    void outcome(Trial.Outcome outcome) {
        terminal.heading(outcome.sabotage().name());
        row("broken", outcome.sabotage().description());
        row("must move", words(outcome.sabotage().mustMove()));
        row("moved", "%s, after %s".formatted(words(outcome.moved().sentences()), ReportText.age(outcome.noticed())));
        for (Changes.Change change : outcome.moved().clauses()) {
            terminal.line(" ".repeat(2 + LABEL_WIDTH) + change.now().clause().id() + ": "
                    + terminal.verdict(change.before()) + " -> "
                    + terminal.verdict(change.now().verdict()));
            boolean first = true;
            for (String reason : change.now().reasons()) {
                terminal.labelled(2 + LABEL_WIDTH, first ? "because" : "", 9, reason);
                first = false;
            }
        }
        row(
                "repaired",
                outcome.broughtBack()
                        ? "back after " + ReportText.age(outcome.back())
                        : "NOT back after %s: %s"
                                .formatted(
                                        ReportText.age(outcome.back()),
                                        Changes.between(outcome.baseline(), outcome.repaired())));
        outcome.failure().ifPresent(failure -> row("failed", failure));
        terminal.line(" ".repeat(2 + LABEL_WIDTH) + judgement(outcome));
    }

    void summary(List<Trial.Outcome> outcomes, Agreement clients) {
        long passed = outcomes.stream().filter(Trial.Outcome::passed).count();
        terminal.heading("In short");
        terminal.labelled(2, "", 0, clients + ".");
        if (!clients.missing().isEmpty()) {
            terminal.line("  " + terminal.bad("FAILED: a client was told of commits that are lost."));
        }
        String words = "%d of %d sabotages moved exactly the sentences that they list, and were brought back."
                .formatted(passed, outcomes.size());
        terminal.line("  " + (passed == outcomes.size() ? terminal.good(words) : terminal.bad(words)));
    }

    private String judgement(Trial.Outcome outcome) {
        if (outcome.passed()) {
            return terminal.good("exactly what it lists");
        }
        if (outcome.movedExactly()) {
            return terminal.bad("moved what it lists, but FAILED");
        }
        Set<String> moved = outcome.moved().sentences();
        return terminal.bad(moved.isEmpty() ? "FAILED: nothing moved" : "FAILED: " + difference(outcome, moved));
    }

    private static String difference(Trial.Outcome outcome, Set<String> moved) {
        List<String> listed = outcome.sabotage().mustMove();
        List<String> parts = new ArrayList<>();
        List<String> missing =
                listed.stream().filter(each -> !moved.contains(each)).toList();
        if (!missing.isEmpty()) {
            parts.add(words(missing) + " did not move");
        }
        List<String> extra =
                moved.stream().filter(each -> !listed.contains(each)).toList();
        if (!extra.isEmpty()) {
            parts.add(words(extra) + " moved and must not");
        }
        return String.join("; ", parts);
    }

    private void row(String label, String text) {
        terminal.labelled(2, label, LABEL_WIDTH, text);
    }

    private static String words(Collection<String> sentences) {
        return sentences.isEmpty() ? "no sentence" : String.join(", ", sentences);
    }
}
