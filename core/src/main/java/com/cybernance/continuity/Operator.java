package com.cybernance.continuity;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.internal.guard.Guard;
import com.cybernance.continuity.restore.Approval;
import com.cybernance.continuity.restore.LongWork;
import com.cybernance.continuity.restore.RestoreGoal;
import com.cybernance.continuity.restore.RestorePlan;
import com.cybernance.continuity.restore.RestorePlanner;
import com.cybernance.continuity.restore.RestoreRunner;
import com.cybernance.continuity.restore.RunLog;
import com.cybernance.continuity.restore.Timing;
import com.cybernance.continuity.spi.BackupTaker;
import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.vault.VaultCopier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * Whoever may act: takes backups, copies them between vaults, and restores. Built on purpose, with clients of its own;
 * nothing that observes can reach one.
 *
 * <p>Calls block until the work has ended. Thread-safe. What a crash or an interruption cut off goes on when it is asked
 * for again: a backup by its slot, a copy by its names, a restore by {@link #resume}.
 *
 * <pre>{@code
 * RestorePlan plan = operator.plan("database", RestoreGoal.of(resource, RecoverTo.moment(then), destination));
 * DrillRecord drill = operator.restore(plan, approval);
 * }</pre>
 */
public final class Operator implements AutoCloseable {
    private static final Pattern SLOT = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final OperatorSetup setup;
    private final StateStore state;
    private final Timing timing;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService looks = LookThreads.create();
    private final Guard guard;

    Operator(OperatorSetup setup, StateStore state, Timing timing) {
        this.setup = setup;
        this.state = state;
        this.timing = timing.clocks(timing.clock(), timing.ticker(), time -> {
            refuseClosed(FailureKind.INTERRUPTED);
            timing.pause().pause(time);
            refuseClosed(FailureKind.INTERRUPTED);
        });
        this.guard = new Guard(looks, timing.clock(), timing.ticker());
    }

    /**
     * Starts to build one.
     *
     * @param state where runs and drills are recorded; not closed with the operator
     */
    public static OperatorBuilder of(StateStore state) {
        return new OperatorBuilder(state);
    }

    /**
     * Takes a backup, or waits for the one of the same slot that runs or is done.
     *
     * @param subject whose {@link BackupTaker} takes it
     * @param slot the moment for which it is due; matches {@code [a-z0-9][a-z0-9-]{0,63}}
     * @param vault the name of the vault
     * @return what the backup brought, by name, once it is complete in the vault
     * @throws ContinuityException of the kind of the failure; of kind {@code TIMED_OUT} when it was not done in time and
     *     may go on, so that the same slot can be waited for again
     */
    public Map<String, String> takeBackup(String subject, String slot, String vault) {
        refuseClosed(FailureKind.CONFLICT);
        BackupTaker taker = pick(setup.takers(), subject, "takes backups of");
        Vault into = pick(setup.vaults(), vault, "is a vault called");
        if (!SLOT.matcher(slot).matches()) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "a slot cannot be called '%s': expected %s".formatted(slot, SLOT.pattern()),
                    "name the moment for which the backup is due, for example 2026-11-25t02-00z");
        }
        Progress end = LongWork.finish(
                "backup %s of '%s' into vault %s".formatted(slot, subject, vault),
                () -> taker.begin(slot, into),
                () -> taker.poll(slot, into),
                timing);
        if (end.state() != Progress.State.DONE) {
            throw new ContinuityException(
                    end.failure().orElse(FailureKind.UNEXPECTED),
                    end.detail(),
                    "mend the cause and take the same slot again; what was complete in the vault stays");
        }
        return end.results();
    }

    /**
     * Copies objects from one vault to another, each read back there. What is there already with the same digest is not
     * copied again, so a copy that was cut short goes on when it is asked for again.
     *
     * @param objects the names in the order in which they are copied; the last one completes the set, and is copied after
     *     all the others were read back
     * @throws ContinuityException as {@link VaultCopier#copy} says; {@code MISCONFIGURED} when a vault is not one of this
     *     operator's, or both are the same
     */
    public VaultCopier.Copied copy(String from, String to, List<String> objects) {
        return copier(from, to).copy(objects);
    }

    /** Copies everything below a prefix, as {@link VaultCopier#copyAll} says; a prefix ends in {@code /}, or is empty. */
    public VaultCopier.Copied copyAll(String from, String to, String prefix) {
        return copier(from, to).copyAll(prefix);
    }

    private VaultCopier copier(String from, String to) {
        refuseClosed(FailureKind.CONFLICT);
        Vault source = pick(setup.vaults(), from, "is a vault called");
        Vault destination = pick(setup.vaults(), to, "is a vault called");
        if (from.equals(to)) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "vault '%s' cannot be copied to itself".formatted(from),
                    "name another vault as the destination");
        }
        return VaultCopier.between(source, destination).asking(() -> refuseClosed(FailureKind.INTERRUPTED));
    }

    /**
     * Looks at the restore points and plans. Changes nothing.
     *
     * @throws com.cybernance.continuity.restore.UnreachableException when the goal cannot be met, with every reason
     * @throws ContinuityException of kind {@code MISCONFIGURED} when the subject is not restored here
     */
    public RestorePlan plan(String subject, RestoreGoal goal) {
        refuseClosed(FailureKind.CONFLICT);
        OperatorSetup.Restores restores = pick(setup.restores(), subject, "restores");
        BackupTarget target = pick(restores.targets(), goal.resource().target(), "belongs to '" + subject + "':");
        Sighting<RestorePoint> seen = look(target, goal.resource().target());
        return RestorePlanner.plan(
                seen, goal, restores.restorer()::steps, timing.clock().instant());
    }

    private Sighting<RestorePoint> look(BackupTarget target, TargetId id) {
        try {
            return guard.begin(Facet.RESTORE_POINTS, target, id, setup.lookWithin())
                    .await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContinuityException(
                    FailureKind.INTERRUPTED,
                    "the look at the restore points was interrupted",
                    "plan again",
                    interrupted);
        }
    }

    /** Carries out an approved plan, as {@link RestoreRunner#run} says. */
    public DrillRecord restore(RestorePlan plan, Approval approval) {
        return runner(plan).run(plan, approval);
    }

    /** Goes on with a restore whose process ended, as {@link RestoreRunner#resume} says. */
    public DrillRecord resume(String run) {
        return runner(RunLog.plan(state, run)).resume(run);
    }

    /** Removes what a restore made, as {@link RestoreRunner#discard} says. */
    public void discard(String run) {
        runner(RunLog.plan(state, run)).discard(run);
    }

    /** The restores that can be resumed, as {@link RunLog#unfinished} says. */
    public List<String> unfinished() {
        refuseClosed(FailureKind.CONFLICT);
        return RunLog.unfinished(state);
    }

    private RestoreRunner runner(RestorePlan plan) {
        refuseClosed(FailureKind.CONFLICT);
        TargetId target = plan.goal().resource().target();
        OperatorSetup.Restores restores = setup.restores().values().stream()
                .filter(each -> each.targets().containsKey(target))
                .findFirst()
                .orElseThrow(() -> missing("restores", target, setup.restores().keySet()));
        return new RestoreRunner(state, restores.restorer(), restores.verifier(), timing);
    }

    private static <K, V> V pick(Map<K, V> from, K name, String does) {
        V found = from.get(name);
        if (found == null) {
            throw missing(does, name, from.keySet());
        }
        return found;
    }

    private static ContinuityException missing(String does, Object name, Set<?> there) {
        Set<String> names = new TreeSet<>();
        there.forEach(each -> names.add(each.toString()));
        return new ContinuityException(
                FailureKind.MISCONFIGURED,
                "nothing %s '%s', only %s".formatted(does, name, names),
                "use a name that the operator was built with");
    }

    private void refuseClosed(FailureKind kind) {
        if (closed.get()) {
            throw new ContinuityException(
                    kind, "this operator is closed", "build a new one; what was cut off goes on when asked for again");
        }
    }

    /**
     * Lets what runs go: a call that waits or copies ends soon with kind {@code INTERRUPTED}, and can be made again on
     * another operator. Returns within five seconds. What was handed over stays open.
     */
    @Override
    public void close() {
        closed.set(true);
        LookThreads.end(looks, CLOSE_WITHIN);
    }
}
