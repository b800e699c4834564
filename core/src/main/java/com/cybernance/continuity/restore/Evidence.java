package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Blind;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What may be planned from, and what is missing from it. */
final class Evidence {
    private Evidence() {}

    /** Refuses a sighting that is too old, or younger than now. */
    static void check(Sighting<RestorePoint> seen, RestoreGoal goal, Instant now) {
        Duration age = Duration.between(seen.at(), now);
        if (!age.isNegative() && age.compareTo(goal.evidenceAge()) <= 0) {
            return;
        }
        String old = age.isNegative()
                ? "later than now, %s".formatted(now)
                : "%s ago, and at most %s is allowed"
                        .formatted(InWords.about(age), InWords.duration(goal.evidenceAge()));
        throw new UnreachableException(
                FailureKind.UNREACHABLE,
                "the restore points of %s were seen at %s, %s".formatted(goal.resource(), seen.at(), old),
                "look again, then plan again",
                UnreachableException.Refusal.NOTHING_SEEN);
    }

    /** What the look did not see, in words; empty when it saw everything. */
    static List<String> unseen(Sighting<RestorePoint> seen) {
        if (!seen.blind().isEmpty()) {
            return seen.blind().stream().map(Blind::toString).toList();
        }
        return seen.complete().isEmpty() ? List.of("the look never said what it saw all of") : List.of();
    }
}
