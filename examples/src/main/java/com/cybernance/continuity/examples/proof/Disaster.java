package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.Operator;
import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.restore.Approval;
import com.cybernance.continuity.restore.RestoreGoal;
import com.cybernance.continuity.restore.RestorePlan;
import com.cybernance.continuity.restore.UnreachableException;
import com.cybernance.continuity.spi.RecoverTo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A drill: the database is brought back to a chosen moment from one vault alone, into an empty place, and compared with
 * what the clients had logged.
 *
 * @param lost what was lost when it began, in words; empty for a drill without a disaster
 * @param exposure what the disaster would have cost: from it back to the newest moment that could be reached; empty
 *     without a disaster
 * @param ledger what had to be there
 * @param plan what was approved; empty when there was none
 * @param drill the record of it; empty when it came to none
 * @param failure why it came to nothing
 */
record Disaster(
        String lost,
        Optional<Duration> exposure,
        Optional<LedgerAt> ledger,
        Optional<RestorePlan> plan,
        Optional<DrillRecord> drill,
        Optional<String> failure) {
    private static final Duration APPROVED_FOR = Duration.ofMinutes(10);
    private static final Duration REACHABLE_WITHIN = Duration.ofSeconds(30);
    private static final Duration BACK_BEFORE = Duration.ofSeconds(3);

    /**
     * Restores from what is left, compares, and removes what it restored.
     *
     * @param operators who restores and compares with this ledger
     * @param keys the keys that are at hand
     * @param at when the disaster happened, or the drill began
     */
    static Disaster drill(
            Function<LedgerAt, Operator> operators,
            ResourceId resource,
            Set<String> keys,
            String lost,
            Instant at,
            List<Load.Written> written,
            Path destination,
            Rhythm rhythm)
            throws InterruptedException {
        Instant moment = LedgerAt.quiet(at.minus(BACK_BEFORE), written);
        LedgerAt ledger = new LedgerAt(moment, written);
        Optional<RestorePlan> planned = Optional.empty();
        try (Operator operator = operators.apply(ledger)) {
            RestoreGoal goal = RestoreGoal.of(resource, RecoverTo.moment(moment), destination.toString())
                    .without(Factor.DATA_CENTRE, Vaults.EAST)
                    .keys(keys);
            RestorePlan plan = plan(operator, goal, rhythm);
            planned = Optional.of(plan);
            DrillRecord drill =
                    operator.restore(plan, Approval.of(plan, "whoever started the proof", rhythm.now(), APPROVED_FOR));
            operator.discard(drill.run());
            Duration exposure = Duration.between(plan.request().point().latest(), at);
            return new Disaster(
                    lost,
                    lost.isEmpty() ? Optional.empty() : Optional.of(exposure.isNegative() ? Duration.ZERO : exposure),
                    Optional.of(ledger),
                    planned,
                    Optional.of(drill),
                    Optional.empty());
        } catch (ContinuityException failed) {
            return new Disaster(
                    lost,
                    Optional.empty(),
                    Optional.of(ledger),
                    planned,
                    Optional.empty(),
                    Optional.of(String.valueOf(failed.getMessage())));
        }
    }

    /** What was received reaches the vault within seconds: until then the moment is refused, with the nearest ones. */
    private static RestorePlan plan(Operator operator, RestoreGoal goal, Rhythm rhythm) throws InterruptedException {
        Instant start = rhythm.now();
        while (true) {
            try {
                return operator.plan(Backups.SUBJECT, goal);
            } catch (UnreachableException notYet) {
                if (rhythm.since(start).compareTo(REACHABLE_WITHIN) > 0) {
                    throw notYet;
                }
                rhythm.await(rhythm.now(), Duration.ofSeconds(1));
            }
        }
    }

    boolean passed() {
        return drill.filter(DrillRecord::passed).isPresent();
    }

    void print(Terminal terminal) {
        terminal.heading(lost.isEmpty() ? "The drill" : "The disaster, and the way back");
        if (!lost.isEmpty()) {
            row(terminal, "lost", lost);
        }
        plan.ifPresent(each -> {
            row(
                    terminal,
                    "plan",
                    "%s..., approved by its id".formatted(each.id().substring(0, 16)));
            row(
                    terminal,
                    "from",
                    "restore point %s, copy %s"
                            .formatted(
                                    each.request().point().id(), each.request().copy()));
            each.rejected().forEach(rejected -> row(terminal, "not from", rejected.toString()));
        });
        drill.ifPresent(record -> record(terminal, record));
        failure.ifPresent(why -> row(terminal, "failed", why));
    }

    private void record(Terminal terminal, DrillRecord record) {
        row(
                terminal,
                "asked for",
                record.asked()
                        + ledger.map(each -> "; by then %,d commits were acknowledged, %d were under way"
                                        .formatted(each.sure(), each.underWay()))
                                .orElse(""));
        row(
                terminal,
                "reached",
                record.comparison().reached().map(Instant::toString).orElse("not known"));
        for (Comparison.Check check : record.comparison().checks()) {
            if (check.outcome() != Comparison.Outcome.PASSED) {
                row(terminal, check.outcome().name(), check.name() + ": " + check.detail());
            }
        }
        row(
                terminal,
                "compared",
                "%d checks, %d passed"
                        .formatted(
                                record.comparison().checks().size(),
                                record.comparison().checks().stream()
                                        .filter(each -> each.outcome() == Comparison.Outcome.PASSED)
                                        .count()));
        exposure.ifPresent(each -> row(
                terminal,
                "RPA",
                ReportText.age(each) + " of work: from the disaster back to the newest moment in the vault"));
        row(
                terminal,
                "RTA",
                record.rta()
                        .map(each -> ReportText.age(each) + " from the first step to a server that answers")
                        .orElse("not measured: the restorer did not tell when the restored server answered"));
        row(terminal, "took", ReportText.age(took(record)) + " from the first step to the end of the comparison");
        record.failure().ifPresent(why -> row(terminal, "failed", why));
    }

    static Duration took(DrillRecord record) {
        return Duration.between(record.started(), record.ended());
    }

    private static void row(Terminal terminal, String label, String text) {
        terminal.labelled(2, label, 14, text);
    }
}
