package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
            terminal.labelled(2, "must move", LABEL_WIDTH, sabotage.mustMove().toString());
        }
    }

    void baseline(Report baseline, List<String> deviations) {
        terminal.line("Unbroken: " + ReportText.clauses(baseline));
        deviations.forEach(each -> terminal.labelled(2, "worse", LABEL_WIDTH, each));
    }

    void outcome(Trial.Outcome outcome) {
        terminal.heading(outcome.sabotage().name());
        row("broken", outcome.sabotage().description());
        row("must move", outcome.sabotage().mustMove().toString());
        row("moved", "%s, after %s".formatted(outcome.moved().moves(), ReportText.age(outcome.noticed())));
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
        outcome.stillPossible().ifPresent(what -> row("still", what));
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
        String words =
                "%d of %d sabotages moved exactly the sentences that they list, to the verdicts that they list, and were brought back."
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
        Map<String, String> moved = outcome.moved().moves().verdicts();
        return terminal.bad(moved.isEmpty() ? "FAILED: nothing moved" : "FAILED: " + difference(outcome, moved));
    }

    private static String difference(Trial.Outcome outcome, Map<String, String> moved) {
        Map<String, String> listed = outcome.sabotage().mustMove().verdicts();
        List<String> parts = new ArrayList<>();
        List<String> missing = listed.keySet().stream()
                .filter(each -> !moved.containsKey(each))
                .toList();
        if (!missing.isEmpty()) {
            parts.add(String.join(", ", missing) + " did not move");
        }
        List<String> extra = moved.keySet().stream()
                .filter(each -> !listed.containsKey(each))
                .toList();
        if (!extra.isEmpty()) {
            parts.add(String.join(", ", extra) + " moved and must not");
        }
        moved.forEach((sentence, verdict) -> {
            String wanted = listed.getOrDefault(sentence, verdict);
            if (!wanted.equals(verdict)) {
                parts.add("%s became %s, not %s".formatted(sentence, verdict, wanted));
            }
        });
        return String.join("; ", parts);
    }

    private void row(String label, String text) {
        terminal.labelled(2, label, LABEL_WIDTH, text);
    }
}
