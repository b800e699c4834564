package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.postgres.points.VaultSurvey;
import com.cybernance.continuity.postgres.points.VaultedPoints;
import com.cybernance.continuity.postgres.recover.VaultVerifier;
import com.cybernance.continuity.spi.Vault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads all that the vaults hold, from time to time, before anybody needs it. What is found damaged counts as a drill that
 * failed, because a restore from that copy would fail; that nothing was found counts as nothing, because nothing was
 * restored. A vault that could not be read keeps what was found last. For one thread at a time.
 */
final class Verification {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration LISTED_WITHIN = Duration.ofSeconds(20);
    private static final int TOLD = 3;

    private final ResourceId resource;
    private final String system;
    private final Map<String, Vault> vaults;
    private final VaultedPoints points;
    private final InstantSource clock;
    private final Map<String, DrillRecord> failed = new LinkedHashMap<>();
    private Optional<Long> next = Optional.empty();

    Verification(
            ResourceId resource, String system, Map<String, Vault> vaults, VaultedPoints points, InstantSource clock) {
        this.resource = resource;
        this.system = system;
        this.vaults = Map.copyOf(vaults);
        this.points = points;
        this.clock = clock;
    }

    /** One failed drill for each vault that is damaged; reads them all anew unless it did a moment ago. */
    List<DrillRecord> failed() {
        long began = System.nanoTime();
        if (next.filter(due -> began - due < 0).isEmpty()) {
            vaults.forEach(this::verify);
            long ended = System.nanoTime();
            // The longer it takes the longer it rests: a log that grows for an hour must not fill every look.
            next = Optional.of(ended + Math.max(EVERY.toNanos(), ended - began));
        }
        return List.copyOf(failed.values());
    }

    private void verify(String name, Vault vault) {
        Instant began = clock.instant();
        try {
            long until = System.nanoTime() + LISTED_WITHIN.toNanos();
            VaultSurvey survey = points.survey(name, () -> Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            Set<String> defects = new LinkedHashSet<>();
            survey.defects().forEach(defect -> defects.add(defect.toString()));
            survey.backups().forEach(each -> VaultVerifier.of(vault)
                    .verify(system, each.backup().id())
                    .forEach(defect -> defects.add(defect.toString())));
            if (defects.isEmpty()) {
                failed.remove(name);
            } else {
                failed.put(name, record(name, List.copyOf(defects), began));
            }
        } catch (ContinuityException unread) {
            // The clauses that look into the vault say so; nothing is known that was not known before.
            return;
        }
    }

    private DrillRecord record(String vault, List<String> defects, Instant began) {
        Comparison.Check check = new Comparison.Check(
                "every byte of the base backups and of the log",
                Comparison.Outcome.FAILED,
                "%d defects, %s"
                        .formatted(
                                defects.size(), String.join("; ", defects.subList(0, Math.min(TOLD, defects.size())))));
        return new DrillRecord(
                "verification of vault " + vault,
                resource,
                "all",
                vault,
                "no moment: what is kept is read",
                Optional.empty(),
                began,
                clock.instant(),
                Optional.empty(),
                new Comparison(Optional.empty(), "", List.of(check)),
                Optional.empty());
    }
}
