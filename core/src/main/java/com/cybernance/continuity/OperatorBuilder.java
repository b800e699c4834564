package com.cybernance.continuity;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.restore.Timing;
import com.cybernance.continuity.spi.BackupTaker;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Restorer;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.spi.Verifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Builds an {@link Operator} from what may act. Not thread-safe. */
public final class OperatorBuilder {
    private final StateStore state;
    private final Map<String, BackupTaker> takers = new LinkedHashMap<>();
    private final Map<String, Restorer> restorers = new LinkedHashMap<>();
    private final Map<String, Verifier> verifiers = new LinkedHashMap<>();
    private final Map<String, Vault> vaults = new LinkedHashMap<>();
    private final Map<String, List<BackupTarget>> targets = new LinkedHashMap<>();
    private final List<String> mistakes = new ArrayList<>();
    private Timing timing = Timing.system();
    private Duration lookWithin = Duration.ofMinutes(5);

    OperatorBuilder(StateStore state) {
        this.state = state;
    }

    /** Where the restore points of a subject are seen; a subject may have several. */
    public OperatorBuilder protect(String subject, BackupTarget target) {
        targets.computeIfAbsent(subject, none -> new ArrayList<>()).add(target);
        return this;
    }

    /** What takes the backups of a subject. */
    public OperatorBuilder backups(String subject, BackupTaker taker) {
        return once(takers, subject, taker, "what takes the backups of");
    }

    /** What restores a subject. */
    public OperatorBuilder restorer(String subject, Restorer restorer) {
        return once(restorers, subject, restorer, "what restores");
    }

    /** What compares a restored subject with its restore point. */
    public OperatorBuilder verifier(String subject, Verifier verifier) {
        return once(verifiers, subject, verifier, "what verifies");
    }

    /** A vault that backups go to or are copied from, under the name that it has itself. */
    public OperatorBuilder vault(Vault vault) {
        return once(vaults, vault.name(), vault, "the vault");
    }

    /** The clocks and the limits of backups and restores; those of {@link Timing#system()} unless said otherwise. */
    public OperatorBuilder timing(Timing clocksAndLimits) {
        this.timing = clocksAndLimits;
        return this;
    }

    /** How long one look at the restore points may take; more than zero, five minutes unless said otherwise. */
    public OperatorBuilder lookWithin(Duration most) {
        this.lookWithin = most;
        return this;
    }

    private <T> OperatorBuilder once(Map<String, T> into, String name, T value, String what) {
        if (into.putIfAbsent(name, value) != null) {
            mistakes.add("%s '%s' is named twice".formatted(what, name));
        }
        return this;
    }

    /**
     * Does no I/O.
     *
     * @throws ContinuityException of kind {@code MISCONFIGURED} that names every mistake at once
     */
    public Operator build() {
        List<String> wrong = new ArrayList<>(mistakes);
        if (takers.isEmpty() && restorers.isEmpty() && vaults.size() < 2) {
            wrong.add("nothing takes backups and nothing restores, and there are no two vaults to copy between");
        }
        if (!takers.isEmpty() && vaults.isEmpty()) {
            wrong.add("there is no vault for the backups of %s".formatted(takers.keySet()));
        }
        if (lookWithin.isNegative() || lookWithin.isZero()) {
            wrong.add("lookWithin is %s, not more than zero".formatted(lookWithin));
        }
        Map<String, OperatorSetup.Restores> restores = restores(wrong);
        if (!wrong.isEmpty()) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "no operator can be built: " + String.join("; ", wrong),
                    "a subject that is restored needs a target that shows its restore points, a restorer and a verifier");
        }
        return new Operator(new OperatorSetup(takers, vaults, restores, lookWithin), state, timing);
    }

    private Map<String, OperatorSetup.Restores> restores(List<String> wrong) {
        Set<String> subjects = new TreeSet<>(restorers.keySet());
        subjects.addAll(verifiers.keySet());
        subjects.addAll(targets.keySet());
        Map<TargetId, String> owners = new LinkedHashMap<>();
        Map<String, OperatorSetup.Restores> restores = new LinkedHashMap<>();
        for (String subject : subjects) {
            Map<TargetId, BackupTarget> seen = targets(subject, owners, wrong);
            Restorer restorer = restorers.get(subject);
            Verifier verifier = verifiers.get(subject);
            if (restorer == null) {
                wrong.add("'%s' has no restorer".formatted(subject));
            }
            if (verifier == null) {
                wrong.add("'%s' has no verifier, and a restore that nobody compared proves nothing".formatted(subject));
            }
            if (restorer != null && verifier != null) {
                restores.put(subject, new OperatorSetup.Restores(seen, restorer, verifier));
            }
        }
        return restores;
    }

    private Map<TargetId, BackupTarget> targets(String subject, Map<TargetId, String> owners, List<String> wrong) {
        Map<TargetId, BackupTarget> seen = new LinkedHashMap<>();
        for (BackupTarget target : targets.getOrDefault(subject, List.of())) {
            TargetId id = target.id();
            String owner = owners.putIfAbsent(id, subject);
            if (owner != null) {
                wrong.add("target '%s' is bound to '%s' and to '%s'".formatted(id, owner, subject));
            }
            if (Facet.RESTORE_POINTS.of(target).isEmpty()) {
                wrong.add("target '%s' of '%s' shows no restore points".formatted(id, subject));
            }
            seen.put(id, target);
        }
        if (seen.isEmpty()) {
            wrong.add("'%s' has no target that shows its restore points".formatted(subject));
        }
        return seen;
    }
}
