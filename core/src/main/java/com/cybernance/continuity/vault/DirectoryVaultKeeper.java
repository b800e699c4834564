package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.IoThreads;
import com.cybernance.continuity.internal.time.SystemTime;
import com.cybernance.continuity.spi.VaultKeeper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * The {@link VaultKeeper} of a {@link DirectoryVault}. Made apart from it, so that what writes backups is never handed
 * what can delete them; the directory's rights should tell the two apart as well.
 *
 * <p>Locks and holds are files beside the content, which no deletion can miss: keepers of one directory, in this process
 * or others, work one after the other, and one that finds another at work throws {@code CONFLICT}. Making one does no
 * input or output.
 *
 * <p>A lock ends by the clock that the keeper is given. Whoever can set that clock forward, or has the right to write the
 * directory, can delete all the same.
 */
public final class DirectoryVaultKeeper implements VaultKeeper {
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    private final VaultRoot vault;
    private final InstantSource clock;
    private final IoThreads io;

    DirectoryVaultKeeper(VaultRoot vault, InstantSource clock, ExecutorService executor) {
        this.vault = vault;
        this.clock = clock;
        this.io = new IoThreads(vault.toString(), executor, CLOSE_BOUND);
    }

    /** The keeper of the vault in a directory. */
    public static DirectoryVaultKeeper at(String name, Path directory) {
        return at(name, directory, SystemTime.wall());
    }

    /** As above, with the clock by which locks end. */
    public static DirectoryVaultKeeper at(String name, Path directory, InstantSource clock) {
        return new DirectoryVaultKeeper(
                DirectoryVault.root(name, directory), clock, IoThreads.idling("continuity-keeper " + name));
    }

    @Override
    public void lockUntil(String object, Instant moment) {
        alone("locking", object, kept -> {
            kept.require().lockUntil(moment);
            return true;
        });
    }

    @Override
    public Optional<Instant> lockedUntil(String object) {
        return run("looking for a lock of", object, () -> kept(object).require().lockedUntil());
    }

    @Override
    public void hold(String object, String hold) {
        Names.hold(hold);
        alone("placing a hold on", object, kept -> {
            kept.require().hold(hold);
            return true;
        });
    }

    @Override
    public void release(String object, String hold) {
        Names.hold(hold);
        alone("lifting a hold from", object, kept -> {
            kept.require().release(hold);
            return true;
        });
    }

    @Override
    public Set<String> holds(String object) {
        return run("looking for holds of", object, () -> kept(object).require().holds());
    }

    @Override
    public void delete(String object) {
        alone("deleting", object, kept -> {
            if (kept.standing() == Standing.OBJECT) {
                kept.delete(clock.instant());
            } else {
                kept.surelyGone();
            }
            return true;
        });
    }

    /** Something to do with an object while no other keeper is at work. */
    private interface Work {
        Boolean with(KeptObject object) throws IOException;
    }

    private void alone(String doing, String object, Work work) {
        run(doing, object, () -> {
            vault.require();
            try (Closeable lock = KeptObject.lock(vault)) {
                if (lock == null) {
                    throw vault.failure(
                            FailureKind.CONFLICT, "another keeper is at work in it", "try again when it has ended");
                }
                return work.with(kept(object));
            }
        });
    }

    private KeptObject kept(String object) throws IOException {
        return new KeptObject(vault, object);
    }

    private <T> T run(String doing, String object, IoThreads.Task<T> task) {
        Names.parts(object);
        String what = doing + " object '" + object + "'";
        return io.call(
                vault + ": " + what,
                () -> {
                    try {
                        vault.require();
                        return task.run();
                    } catch (IOException e) {
                        throw vault.io(what, e);
                    }
                },
                ignored -> {});
    }

    @Override
    public String toString() {
        return "keeper of " + vault;
    }
}
