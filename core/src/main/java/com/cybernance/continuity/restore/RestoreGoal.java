package com.cybernance.continuity.restore;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.spi.RecoverTo;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What somebody wants back: which resource, to when, into which place, and what may be used for it. Immutable.
 *
 * @param resource what to bring back
 * @param to where it ends
 * @param destination an empty, fresh place, in the provider's notation
 * @param lineage the only line of history that may be used; empty for any, which is refused where several reach the end
 * @param lost what is lost; copies that may share it are not used
 * @param least how grown-up a copy must be
 * @param keys the keys at hand; a restore point that requires another one is not used
 * @param evidenceAge how old the sight of the restore points may be, inclusive
 */
public record RestoreGoal(
        ResourceId resource,
        RecoverTo to,
        String destination,
        Optional<String> lineage,
        SortedSet<Lost> lost,
        Copy.State least,
        SortedSet<String> keys,
        Duration evidenceAge) {
    private static final Duration EVIDENCE_AGE = Duration.ofMinutes(10);

    public RestoreGoal {
        requireNonNull(resource, "resource");
        requireNonNull(to, "to");
        requireNonNull(destination, "destination");
        requireNonNull(lineage, "lineage");
        lost = Collections.unmodifiableSortedSet(new TreeSet<>(lost));
        requireNonNull(least, "least");
        keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
        requireNonNull(evidenceAge, "evidenceAge");
        if (destination.isBlank()) {
            throw new IllegalArgumentException("a restore of %s needs a destination".formatted(resource));
        }
        if (evidenceAge.isNegative()) {
            throw new IllegalArgumentException("evidence cannot be %s old".formatted(evidenceAge));
        }
    }

    /** From any complete copy of the resource's only lineage, without a key, seen in the last ten minutes. */
    public static RestoreGoal of(ResourceId resource, RecoverTo to, String destination) {
        return new RestoreGoal(
                resource,
                to,
                destination,
                Optional.empty(),
                Collections.emptySortedSet(),
                Copy.State.COMPLETE,
                Collections.emptySortedSet(),
                EVIDENCE_AGE);
    }

    /** Uses this line of history and no other. */
    public RestoreGoal lineage(String only) {
        return new RestoreGoal(resource, to, destination, Optional.of(only), lost, least, keys, evidenceAge);
    }

    /** Does without whatever may share this factor, besides what is lost already. */
    public RestoreGoal without(Factor factor, String value) {
        SortedSet<Lost> more = new TreeSet<>(lost);
        more.add(new Lost(factor, value));
        return new RestoreGoal(resource, to, destination, lineage, more, least, keys, evidenceAge);
    }

    /** Uses copies only that are at least so grown-up. */
    public RestoreGoal atLeast(Copy.State state) {
        return new RestoreGoal(resource, to, destination, lineage, lost, state, keys, evidenceAge);
    }

    /** The keys that are at hand, instead of those named before. */
    public RestoreGoal keys(Set<String> atHand) {
        return new RestoreGoal(resource, to, destination, lineage, lost, least, new TreeSet<>(atHand), evidenceAge);
    }

    /** How old the sight of the restore points may be. */
    public RestoreGoal evidenceAge(Duration most) {
        return new RestoreGoal(resource, to, destination, lineage, lost, least, keys, most);
    }
}
