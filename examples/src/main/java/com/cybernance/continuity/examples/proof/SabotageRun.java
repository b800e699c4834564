package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Breaks one platform in one way after the other, and prints whether the verdicts told. */
final class SabotageRun {
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);
    /** A vault that took nothing for a minute is tried again every 30 seconds, and reading all of both takes a while. */
    private static final Duration BACK_WITHIN = Duration.ofMinutes(2);
    /** What was written so long ago is in the vaults. */
    private static final Duration SHIPPED_WITHIN = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final Platform platform;
    private final Rhythm rhythm;
    private final Trial trial;

    SabotageRun(Terminal terminal, Platform platform, Rhythm rhythm) {
        this.terminal = terminal;
        this.platform = platform;
        this.rhythm = rhythm;
        this.trial = new Trial(platform::check, rhythm, Duration.ofSeconds(1), BACK_WITHIN);
    }

    ProofCommand.Ending run(List<Sabotage> sabotages, DeclaredSet declared) throws InterruptedException {
        SabotageText text = new SabotageText(terminal);
        terminal.progress("Restoring from one vault, so that a drill is on record ...");
        platform.drill(rhythm).print(terminal);
        terminal.progress("Looking at the unbroken platform ...");
        awaitDeclared(declared);
        Report baseline = trial.baseline();
        DeclaredSet.Deviations deviations = declared.deviations(baseline);
        text.baseline(baseline, deviations.all());
        List<Trial.Outcome> outcomes = new ArrayList<>();
        for (Sabotage sabotage : sabotages) {
            terminal.progress("%s: broken, looking what moves ...".formatted(sabotage.name()));
            Trial.Outcome outcome = trial.of(
                    sabotage,
                    baseline,
                    sabotage.leavesTheRecoveryKeyAlone() ? Optional.of(this::recover) : Optional.empty());
            text.outcome(outcome);
            outcomes.add(outcome);
        }
        Agreement clients = platform.endLoad();
        text.summary(outcomes, clients);
        int status = status(deviations, outcomes, clients);
        return new ProofCommand.Ending(status, ProofJson.of(baseline, outcomes, clients, status));
    }

    /** What is sealed must be closed to the platform, and open to whoever has the recovery key. */
    private String recover(Instant broken) throws InterruptedException {
        Instant before = broken.minus(SHIPPED_WITHIN);
        if (!platform.isShutOut(before)) {
            throw new IllegalStateException("the platform is not refused the sealed vault for want of its key");
        }
        Disaster recovered = platform.recover(before, rhythm);
        if (!recovered.passed()) {
            throw new IllegalStateException("the recovery key did not bring it back: "
                    + recovered.failure().orElse("the drill failed"));
        }
        return "with the online key nothing can be restored from the sealed vault; with the recovery key alone it was restored to %s, and the ledger was as the clients had logged"
                .formatted(recovered.drill().orElseThrow().asked());
    }

    /** The periods of the policy have to be observed before there is anything to break. */
    private void awaitDeclared(DeclaredSet declared) throws InterruptedException {
        Instant start = rhythm.now();
        while (!declared.deviations(platform.check()).none()
                && rhythm.since(start).compareTo(READY_WITHIN) < 0) {
            rhythm.await(rhythm.now(), Duration.ofSeconds(1));
        }
    }

    /** Where the unbroken platform is unknown, it says nothing what the sabotages moved. */
    static int status(DeclaredSet.Deviations unbroken, List<Trial.Outcome> outcomes, Agreement clients) {
        if (!unbroken.breached().isEmpty() || !clients.missing().isEmpty()) {
            return ProofCommand.BREACHED;
        }
        if (!unbroken.unknown().isEmpty()) {
            return ProofCommand.UNKNOWN;
        }
        return outcomes.stream().allMatch(Trial.Outcome::passed) ? ProofCommand.AS_DECLARED : ProofCommand.BREACHED;
    }
}
