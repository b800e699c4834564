package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What keeps an object: empty files beside its content, whose names say all, so that there is nothing in them to tear.
 * {@code lock.SECONDS.NANOS} refuses deletion until that moment, {@code hold.NAME} until it is lifted.
 */
final class KeptObject {
    private static final String HOLD = "hold.";
    private static final String LOCK = "lock.";
    private static final Pattern MOMENT = Pattern.compile("lock\\.(-?[0-9]{1,17})\\.([0-9]{9})");

    private final VaultRoot vault;
    private final Disk disk;
    private final String object;
    private final List<String> parts;
    private final Path path;

    KeptObject(VaultRoot vault, String object) {
        this.vault = vault;
        this.disk = vault.disk();
        this.object = object;
        this.parts = Names.parts(object);
        this.path = vault.path(parts);
    }

    /** The lock of the one keeper at work; null when somebody else holds it. */
    static @Nullable Closeable lock(VaultRoot vault) throws IOException {
        try {
            vault.disk().createDirectory(vault.keeper());
        } catch (FileAlreadyExistsException e) {
            vault.requireReal(vault.keeper());
        }
        return vault.disk().tryLock(vault.keeper().resolve("lock"));
    }

    Standing standing() throws IOException {
        Standing standing = vault.standing(parts);
        if (standing == Standing.OBJECT) {
            vault.requireReal(path);
        }
        return standing;
    }

    /** Refuses a name that stands for no object. */
    KeptObject require() throws IOException {
        if (standing() != Standing.OBJECT) {
            vault.require();
            throw ObjectFiles.notFound(vault, object);
        }
        return this;
    }

    Optional<Instant> lockedUntil() throws IOException {
        Instant latest = null;
        for (String name : disk.list(path)) {
            if (name.startsWith(LOCK)) {
                Instant moment = moment(name);
                latest = latest == null || moment.isAfter(latest) ? moment : latest;
            }
        }
        return Optional.ofNullable(latest);
    }

    private Instant moment(String name) {
        Matcher parts = MOMENT.matcher(name);
        try {
            if (parts.matches()) {
                return Instant.ofEpochSecond(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
            }
        } catch (DateTimeException e) {
            // It is no moment, as below.
        }
        throw vault.corrupt("object '" + object + "' has a lock that names no moment: " + path.resolve(name));
    }

    /** An older lock is left: the latest one counts. */
    void lockUntil(Instant moment) throws IOException {
        make("%s%d.%09d".formatted(LOCK, moment.getEpochSecond(), moment.getNano()));
    }

    Set<String> holds() throws IOException {
        Set<String> holds = new TreeSet<>();
        for (String name : disk.list(path)) {
            if (name.startsWith(HOLD)) {
                holds.add(name.substring(HOLD.length()));
            }
        }
        return holds;
    }

    void hold(String hold) throws IOException {
        make(HOLD + hold);
    }

    void release(String hold) throws IOException {
        try {
            disk.delete(path.resolve(HOLD + hold));
        } catch (NoSuchFileException e) {
            // Lifting a hold that is not there changes nothing, but it may have been lifted a moment before a crash.
        }
        disk.forceDirectory(path);
    }

    private void make(String name) throws IOException {
        try (Disk.Handle file = disk.open(path.resolve(name), Disk.Access.CREATE)) {
            file.force();
        } catch (FileAlreadyExistsException e) {
            // It may have been made a moment before a crash, so it is forced like a new one.
        }
        disk.forceDirectory(path);
    }

    /** Takes the whole object out of sight in one step, makes that last, and only then removes it. */
    void delete(Instant now) throws IOException {
        Set<String> holds = holds();
        if (!holds.isEmpty()) {
            throw denied("hold '" + String.join("', '", holds) + "' is in force", "release every hold first");
        }
        Optional<Instant> until = lockedUntil();
        if (until.isPresent() && now.isBefore(until.get())) {
            throw denied("it is locked until " + until.get() + ", and it is " + now, "wait until then");
        }
        DraftDirectory out = DraftDirectory.make(vault);
        try {
            disk.moveDirectory(path, out.resolve("deleted"));
            surelyGone();
        } finally {
            out.discard();
        }
    }

    private RuntimeException denied(String why, String hint) {
        return vault.failure(FailureKind.DENIED, "object '" + object + "' may not be deleted: " + why, hint);
    }

    /** Makes its absence last. */
    void surelyGone() throws IOException {
        vault.require();
        Path parent = path.getParent();
        if (parent != null && disk.kind(parent) == Disk.Kind.DIRECTORY) {
            disk.forceDirectory(parent);
        }
    }
}
