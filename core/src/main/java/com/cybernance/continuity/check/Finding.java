package com.cybernance.continuity.check;

import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Waiver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The verdict on one clause, with everything that a reader needs to believe it or to act on it.
 *
 * @param clause what was promised
 * @param verdict what became of it
 * @param observed what was seen, in one line
 * @param reasons why, at least one, the most telling first
 * @param nextStep what to do; for UNKNOWN, what would judge the clause
 * @param evidence what it was judged from; empty when from nothing, or from arithmetic alone
 * @param observedAt when the oldest of the evidence was observed
 * @param waiver the waiver in force, which silences the notification and never changes the verdict
 */
public record Finding(
        Clause clause,
        Verdict verdict,
        String observed,
        List<String> reasons,
        String nextStep,
        List<Evidence> evidence,
        Optional<Instant> observedAt,
        Optional<Waiver> waiver) {
    public Finding {
        reasons = List.copyOf(reasons);
        evidence = List.copyOf(evidence);
    }

    /** The reasons in one line. */
    public String reason() {
        return String.join("; ", reasons);
    }
}
