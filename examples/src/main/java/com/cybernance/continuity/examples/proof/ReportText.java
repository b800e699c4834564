package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Evidence;
import com.cybernance.continuity.check.Finding;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.policy.Contradiction;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints a report for people: each sentence with its verdict, and under it its clauses in our words. */
final class ReportText {
    private static final int CLAUSE_INDENT = 6;
    private static final int VERDICT_WIDTH = 10;
    private static final int TEXT_INDENT = CLAUSE_INDENT + VERDICT_WIDTH;
    private static final int LABEL_WIDTH = 12;

    private final Terminal terminal;
    private final Report report;
    private final Map<String, String> explainedUnder = new HashMap<>();

    ReportText(Terminal terminal, Report report) {
        this.terminal = terminal;
        this.report = report;
    }

    /** What to expect, before there is much to read. */
    void expect() {
        terminal.heading("What to expect");
        terminal.labelled(
                2, "", 0, "%s. A sentence is as bad as the worst of its clauses.".formatted(sentences(report)));
        report.periodScale()
                .ifPresent(scale -> terminal.labelled(
                        2,
                        "",
                        0,
                        "All periods of the policy are divided by %,d, which only a rehearsal may do: 24 hours take %s."
                                .formatted(scale, age(Duration.ofHours(24).dividedBy(scale)))));
        if (report.findings().stream().anyMatch(finding -> finding.verdict() == Verdict.UNKNOWN)) {
            terminal.labelled(
                    2,
                    "",
                    0,
                    "UNKNOWN says that nobody could look: only a pair of databases and its vaults are bound to the policy here.");
        }
    }

    /** The clauses that somebody knows about, each with its sentences; the worst first. */
    void known() {
        for (Verdict verdict : List.of(Verdict.BREACHED, Verdict.MET)) {
            report.findings().stream()
                    .filter(finding -> finding.verdict() == verdict)
                    .forEach(finding -> terminal.labelled(
                            2, verdict.name(), LABEL_WIDTH, finding.clause().id() + alone(finding)));
        }
    }

    /** Which of a clause's sentences have its verdict, and which are worse because of another clause. */
    private String alone(Finding finding) {
        List<String> parts = finding.clause().sentences().stream()
                .map(sentence -> {
                    Verdict verdict = report.sentences().getOrDefault(sentence, Verdict.UNKNOWN);
                    return verdict == finding.verdict() ? sentence : sentence + " (" + verdict + ")";
                })
                .toList();
        return parts.isEmpty() ? "" : ", in sentences " + String.join(", ", parts);
    }

    /** {@code 2 sentences: 1 MET, 1 UNKNOWN}. */
    static String sentences(Report report) {
        return "%d sentences: %s"
                .formatted(report.sentences().size(), counts(report.sentences().values()));
    }

    /** {@code 3 clauses: 1 MET, 2 UNKNOWN}. */
    static String clauses(Report report) {
        return "%d clauses: %s"
                .formatted(
                        report.findings().size(),
                        counts(report.findings().stream().map(Finding::verdict).toList()));
    }

    /** Every sentence in order, then what the policy contradicts by itself, then what went wrong around the judging. */
    void print() {
        Map<String, Verdict> verdicts = report.sentences();
        report.bySentence().forEach((sentence, findings) -> {
            terminal.line();
            terminal.line(terminal.bold("%-5s".formatted(sentence))
                    + " "
                    + terminal.verdict(verdicts.getOrDefault(sentence, Verdict.UNKNOWN)));
            findings.forEach(finding -> clause(sentence, finding));
        });
        withoutSentence();
        contradictions();
        report.notes().forEach(note -> terminal.labelled(0, "note", 8, note));
    }

    /** {@code 1 MET, 2 UNKNOWN}, best first. */
    private static String counts(Collection<Verdict> verdicts) {
        List<String> parts = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            long count = verdicts.stream().filter(each -> each == verdict).count();
            if (count > 0) {
                parts.add(count + " " + verdict);
            }
        }
        return String.join(", ", parts);
    }

    /** A policy of one's own may have clauses that come from no document. */
    private void withoutSentence() {
        List<Finding> rest = report.findings().stream()
                .filter(finding -> finding.clause().sentences().isEmpty())
                .toList();
        if (!rest.isEmpty()) {
            terminal.heading("Clauses of no sentence");
            rest.forEach(finding -> clause("", finding));
        }
    }

    private void clause(String sentence, Finding finding) {
        String id = finding.clause().id();
        String before = explainedUnder.putIfAbsent(id, sentence);
        String repeated = before == null ? "" : ", see " + before;
        terminal.line(" ".repeat(CLAUSE_INDENT)
                + terminal.verdict(finding.verdict())
                + " ".repeat(VERDICT_WIDTH - finding.verdict().name().length())
                + terminal.bold(id)
                + kind(finding)
                + repeated);
        if (before == null) {
            explain(finding);
        }
    }

    private static String kind(Finding finding) {
        return finding.clause().vendor().map(" (a claim of %s)"::formatted).orElse("");
    }

    private void explain(Finding finding) {
        terminal.labelled(TEXT_INDENT, "", 0, finding.clause().promise());
        List<String> reasons = finding.reasons();
        String label = "why";
        for (String reason : reasons) {
            terminal.labelled(TEXT_INDENT, label, LABEL_WIDTH, reason);
            label = "";
        }
        finding.waiver().ifPresent(waiver -> terminal.labelled(TEXT_INDENT, "waived", LABEL_WIDTH, waiver.toString()));
        if (!finding.evidence().isEmpty()) {
            terminal.labelled(TEXT_INDENT, "saw", LABEL_WIDTH, finding.observed());
            terminal.labelled(TEXT_INDENT, "evidence", LABEL_WIDTH, evidence(finding));
        }
        if (finding.verdict() == Verdict.UNKNOWN) {
            terminal.labelled(TEXT_INDENT, "judged by", LABEL_WIDTH, finding.nextStep());
        }
        if (finding.verdict() == Verdict.BREACHED) {
            terminal.labelled(TEXT_INDENT, "to do", LABEL_WIDTH, finding.nextStep());
        }
    }

    private static String evidence(Finding finding) {
        return finding.evidence().stream().map(ReportText::evidence).distinct().collect(Collectors.joining("; "));
    }

    private static String evidence(Evidence evidence) {
        String source = "%s of %s".formatted(evidence.facet(), evidence.target());
        return evidence.observedAt()
                .map(at -> "%s at %s (%s old, questions asked: %d)"
                        .formatted(
                                source,
                                at.truncatedTo(ChronoUnit.SECONDS),
                                age(evidence.age()),
                                evidence.asked().size()))
                .orElse(source + ", which never answered");
    }

    static String age(Duration age) {
        return String.format(Locale.ROOT, "%.1f s", age.toMillis() / 1000.0);
    }

    private void contradictions() {
        if (report.contradictions().isEmpty()) {
            return;
        }
        terminal.heading("What the policy contradicts by itself");
        for (Contradiction contradiction : report.contradictions()) {
            terminal.labelled(2, "-", 2, contradiction.toString());
        }
    }
}
