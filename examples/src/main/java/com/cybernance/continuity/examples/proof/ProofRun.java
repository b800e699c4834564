package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks at the unbroken platform for a while, then prints what became of every sentence. */
final class ProofRun {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration BACK_EVERY = Duration.ofSeconds(2);
    private static final Duration BACK_WITHIN = Duration.ofMinutes(1);

    private final Terminal terminal;
    private final Platform platform;
    private final Rhythm rhythm;
    private final List<String> changes = new ArrayList<>();
    private int looks;

    ProofRun(Terminal terminal, Platform platform, Rhythm rhythm) {
        this.terminal = terminal;
        this.platform = platform;
        this.rhythm = rhythm;
    }

    ProofCommand.Ending run(Duration lookFor, DeclaredSet declared) throws InterruptedException {
        look(lookFor);
        terminal.progress("Both servers killed and one vault destroyed; restoring from the other one ...");
        Disaster disaster = platform.disaster(rhythm);
        terminal.progress("Bringing back the servers and the vault ...");
        platform.bringBack();
        Report report = lookAgain(declared);
        Agreement clients = platform.endLoad();
        ReportText text = new ReportText(terminal, report);
        text.expect();
        text.print();
        DeclaredSet.Deviations deviations = declared.deviations(report);
        int status = status(deviations, clients);
        disaster.print(terminal);
        summary(report, clients, deviations, status, text);
        return new ProofCommand.Ending(status, ProofJson.of(report, looks, clients, disaster, declared, status));
    }

    private Report look(Duration lookFor) throws InterruptedException {
        Instant start = rhythm.now();
        Report report = platform.check();
        looks = 1;
        tell(report, start, lookFor);
        while (rhythm.since(start).compareTo(lookFor) < 0) {
            Duration next = EVERY.multipliedBy(looks);
            rhythm.await(start, next.compareTo(lookFor) < 0 ? next : lookFor);
            Report newer = platform.check();
            looks++;
            Changes since = Changes.between(report, newer);
            if (!since.clauses().isEmpty()) {
                changes.add("look %d, after %s: %s".formatted(looks, seconds(rhythm.since(start)), since));
            }
            report = newer;
            tell(report, start, lookFor);
        }
        return report;
    }

    /** Looks until everything is as declared again; the last look counts, whatever it shows. */
    private Report lookAgain(DeclaredSet declared) throws InterruptedException {
        Instant start = rhythm.now();
        Report report = platform.check();
        looks++;
        while (!declared.deviations(report).none() && rhythm.since(start).compareTo(BACK_WITHIN) < 0) {
            rhythm.await(rhythm.now(), BACK_EVERY);
            report = platform.check();
            looks++;
        }
        return report;
    }

    private void tell(Report report, Instant start, Duration lookFor) {
        terminal.progress("Look %d, %s of %s; %s; %,d commits acknowledged"
                .formatted(
                        looks,
                        seconds(rhythm.since(start)),
                        seconds(lookFor),
                        ReportText.clauses(report),
                        platform.load().acknowledged()));
    }

    private static int status(DeclaredSet.Deviations deviations, Agreement clients) {
        if (!deviations.breached().isEmpty() || !clients.missing().isEmpty()) {
            return ProofCommand.BREACHED;
        }
        return deviations.unknown().isEmpty() ? ProofCommand.AS_DECLARED : ProofCommand.UNKNOWN;
    }

    private void summary(
            Report report, Agreement clients, DeclaredSet.Deviations deviations, int status, ReportText text) {
        terminal.heading("What the clients were told");
        terminal.labelled(2, "", 0, clients + ".");
        platform.load()
                .trouble()
                .ifPresent(trouble -> terminal.labelled(2, "", 0, "A client failed once and tried again: " + trouble));

        terminal.heading("What this run does not prove");
        NotProven.LIST.forEach(each -> terminal.labelled(2, "-", 2, each));

        terminal.heading("In short");
        terminal.labelled(2, "", 0, ReportText.sentences(report));
        terminal.labelled(2, "", 0, ReportText.clauses(report));
        text.known();
        terminal.labelled(
                2,
                "looks",
                12,
                "%d; %s".formatted(looks, changes.isEmpty() ? "no verdict changed between them" : "changes:"));
        changes.forEach(change -> terminal.labelled(14, "-", 2, change));
        deviations.all().forEach(each -> terminal.labelled(2, "worse", 12, each));
        terminal.line();
        terminal.line(
                status == ProofCommand.AS_DECLARED
                        ? terminal.good("Every clause is as declared in docs/proof.md, or better.")
                        : terminal.bad("Not as declared in docs/proof.md."));
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
