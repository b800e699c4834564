package com.cybernance.continuity.restore;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A person lets one plan be carried out once. The same approval handed over again means the same run.
 *
 * @param plan the id of the plan
 * @param approver who it is
 * @param givenAt from when it counts
 * @param expiresAt until when a run may be begun under it, exclusive; a run that was begun may go on
 */
public record Approval(String plan, String approver, Instant givenAt, Instant expiresAt) {
    public Approval {
        requireNonNull(plan, "plan");
        requireNonNull(approver, "approver");
        requireNonNull(givenAt, "givenAt");
        requireNonNull(expiresAt, "expiresAt");
    }

    /** Approves the plan from now on, for a time. */
    public static Approval of(RestorePlan plan, String approver, Instant now, Duration validFor) {
        return new Approval(plan.id(), approver, now, now.plus(validFor));
    }

    /**
     * Whether a run of the plan may be begun now.
     *
     * @throws ContinuityException of kind {@code DENIED} that names everything that is wrong with it
     */
    void check(RestorePlan wanted, Instant now) {
        List<String> wrong = new ArrayList<>();
        if (!plan.equals(wanted.id())) {
            wrong.add("it is for plan %s, not for %s".formatted(plan, wanted.id()));
        }
        if (approver.isBlank()) {
            wrong.add("it names no approver");
        }
        if (givenAt.isAfter(now)) {
            wrong.add("it counts from %s, and now it is %s".formatted(givenAt, now));
        }
        if (!expiresAt.isAfter(givenAt)) {
            wrong.add("it expires at %s, not after it was given at %s".formatted(expiresAt, givenAt));
        } else if (!now.isBefore(expiresAt)) {
            wrong.add("it expired at %s, and now it is %s".formatted(expiresAt, now));
        }
        if (!wrong.isEmpty()) {
            throw new ContinuityException(
                    FailureKind.DENIED,
                    "the approval does not let plan %s be carried out: %s"
                            .formatted(wanted.id(), String.join("; ", wrong)),
                    "have a person read this plan and approve its id");
        }
    }
}
