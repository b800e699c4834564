package com.cybernance.continuity.vault;

import static java.util.Objects.requireNonNull;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.internal.disk.Reason;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies sets of objects from one vault to another. The last object of a set is the record that makes it complete: it is
 * copied after all the others were read back at the destination. What is there already with the same digest is not
 * copied again, so a copy that was cut short is resumed by asking for it again.
 *
 * <p>Reads the source to its end, which verifies it. Holds 256 KiB in memory, whatever the objects' sizes. May be used
 * from any thread; two that copy the same objects at once do not harm each other.
 */
public final class VaultCopier {
    private static final int BUFFER = 256 << 10;

    private final Vault from;
    private final Vault to;
    private final Runnable goOn;

    private VaultCopier(Vault from, Vault to, Runnable goOn) {
        this.from = requireNonNull(from, "from");
        this.to = requireNonNull(to, "to");
        this.goOn = requireNonNull(goOn, "goOn");
    }

    /** A copier from one vault to another. */
    public static VaultCopier between(Vault from, Vault to) {
        return new VaultCopier(from, to, () -> {});
    }

    /** The same, which asks before each object and each 256 KiB whether to go on; what is thrown then ends the copy. */
    public VaultCopier asking(Runnable whetherToGoOn) {
        return new VaultCopier(from, to, whetherToGoOn);
    }

    /**
     * What a copy did.
     *
     * @param objects how many objects were written at the destination
     * @param bytes how many bytes of content they have
     * @param already how many objects were there before
     * @param alreadyBytes how many bytes of content these have
     */
    public record Copied(int objects, long bytes, int already, long alreadyBytes) {
        private static final Copied NOTHING = new Copied(0, 0, 0, 0);

        private Copied and(Copied other) {
            return new Copied(
                    objects + other.objects,
                    bytes + other.bytes,
                    already + other.already,
                    alreadyBytes + other.alreadyBytes);
        }
    }

    /**
     * Copies a set. When this returns, all of it is durable at the destination, with the digests that the source says.
     * When it throws, what was copied until then stays, and the set is not complete there unless it was before.
     *
     * @param objects the names in the order in which they are copied; the last one completes the set
     * @throws ContinuityException of kind {@code NOT_FOUND} when the source lacks one; {@code CONFLICT} when the
     *     destination has another object of that name; {@code CORRUPT} when either does not give what it says to have;
     *     {@code INTERRUPTED}; or whatever kind the vaults throw
     */
    public Copied copy(List<String> objects) {
        if (objects.isEmpty() || new HashSet<>(objects).size() < objects.size()) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "cannot copy " + objects.size() + " objects from vault '" + from.name() + "' to vault '" + to.name()
                            + "': expected at least one, and none twice",
                    "name each object once, the one that completes the set last");
        }
        Stored completing = inSource(objects.get(objects.size() - 1));
        boolean complete = to.find(completing.name()).isPresent();
        Copied copied = Copied.NOTHING;
        for (String object : objects) {
            copied = copied.and(copy(inSource(object), complete));
        }
        return copied;
    }

    /**
     * Copies everything that is below a prefix when this is called, in the order in which the source committed it, so that
     * what completes a set comes after the set; of one moment, the larger object comes first. What is committed while this
     * runs may be left for the next call, so that no record is copied whose set was not seen. Where the source's clock was
     * set back meanwhile, or where its writers stamp by clocks that differ, a record may come before its set until the next
     * call; name the objects where that matters. What is there already is
     * compared by size and digest, and not read again. Remembers the name and digest of each object while it copies.
     *
     * @param prefix whole parts that end in {@code /}, or {@code ""} for everything
     * @return what was done; nothing where there is nothing below the prefix
     * @throws ContinuityException as {@link #copy} does
     */
    public Copied copyAll(String prefix) {
        Copied copied = Copied.NOTHING;
        for (Stored each : settled(prefix)) {
            copied = copied.and(copy(each, true));
        }
        return copied;
    }

    /**
     * A listing passes names in their order, so it may show a record and not the part that was committed before it. What
     * one listing shows was complete when the next began: that one shows the parts too. Of what is newer than all of the
     * first, only the next call can know.
     */
    private List<Stored> settled(String prefix) {
        Map<String, Stored> first = list(prefix);
        Map<String, Stored> second = list(prefix);
        while (!first.isEmpty() && !second.keySet().equals(first.keySet())) {
            Map<String, Stored> known = first;
            Instant newest =
                    Collections.max(known.values().stream().map(Stored::since).toList());
            second.values()
                    .removeIf(each ->
                            !known.containsKey(each.name()) && each.since().isAfter(newest));
            boolean tied = second.values().stream()
                    .anyMatch(each ->
                            !known.containsKey(each.name()) && each.since().equals(newest));
            if (!tied) {
                break;
            }
            goOn.run();
            // The clock did not move between the two listings, so it cannot tell which came first.
            first = list(prefix);
            second = list(prefix);
        }
        List<Stored> settled = new ArrayList<>(first.isEmpty() ? first.values() : second.values());
        settled.sort(Comparator.comparing(Stored::since)
                .thenComparing(Stored::size, Comparator.reverseOrder())
                .thenComparing(Stored::name));
        return settled;
    }

    private Map<String, Stored> list(String prefix) {
        Map<String, Stored> listed = new HashMap<>();
        from.list(prefix, each -> listed.put(each.name(), each));
        return listed;
    }

    private Stored inSource(String object) {
        return from.find(object)
                .orElseThrow(() -> failure(
                        FailureKind.NOT_FOUND,
                        object,
                        "vault '" + from.name() + "' has no such object",
                        "copy it from a vault that has it"));
    }

    /** Begins with the creation, not with a look: only a name that is refused as taken is known to be taken for good. */
    private Copied copy(Stored object, boolean complete) {
        requireToGoOn(object);
        try (Vault.Draft draft = to.create(object.name())) {
            fill(draft, object);
            draft.commit();
        } catch (ContinuityException e) {
            if (e.kind() != FailureKind.CONFLICT) {
                throw e;
            }
            requireSame(object, e);
            if (!complete) {
                readBack(object);
            }
            return new Copied(0, 0, 1, object.size());
        }
        readBack(object);
        return new Copied(1, object.size(), 0, 0);
    }

    private void fill(Vault.Draft draft, Stored object) {
        MessageDigest sha = Sha256.begin();
        long size = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = from.open(object.name())) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                requireToGoOn(object);
                sha.update(buffer, 0, read);
                size += read;
                draft.write(buffer, 0, read);
            }
        } catch (IOException e) {
            throw unexpected(object, e);
        }
        refuseIfOther(object, size, sha, from);
    }

    private void readBack(Stored object) {
        MessageDigest sha = Sha256.begin();
        long size = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = to.open(object.name())) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                requireToGoOn(object);
                sha.update(buffer, 0, read);
                size += read;
            }
        } catch (IOException e) {
            throw unexpected(object, e);
        }
        refuseIfOther(object, size, sha, to);
    }

    private void refuseIfOther(Stored object, long size, MessageDigest sha, Vault read) {
        String observed = HexFormat.of().formatHex(sha.digest());
        if (size != object.size() || !observed.equals(object.sha256())) {
            throw failure(
                    FailureKind.CORRUPT,
                    object.name(),
                    "expected " + says(object.size(), object.sha256()) + ", read " + says(size, observed)
                            + " from vault '" + read.name() + "'",
                    "verify both vaults, and copy from one that is whole");
        }
    }

    private void requireSame(Stored object, ContinuityException taken) {
        Optional<Stored> there = to.find(object.name());
        if (there.isEmpty()) {
            throw taken; // the name stands for something else, or its object was deleted since
        }
        Stored other = there.get();
        if (other.size() != object.size() || !other.sha256().equals(object.sha256())) {
            throw failure(
                    FailureKind.CONFLICT,
                    object.name(),
                    "vault '" + from.name() + "' has " + says(object.size(), object.sha256()) + ", vault '" + to.name()
                            + "' has " + says(other.size(), other.sha256()),
                    "objects never change, so one of them is wrong; find out which before anything else");
        }
    }

    private static String says(long size, String sha256) {
        return size + " bytes with SHA-256 " + sha256;
    }

    private void requireToGoOn(Stored object) {
        goOn.run();
        if (Thread.currentThread().isInterrupted()) {
            throw Reason.interrupted("copying object '" + object.name() + "' from vault '" + from.name()
                    + "' to vault '" + to.name() + "'");
        }
    }

    private ContinuityException unexpected(Stored object, IOException e) {
        return new ContinuityException(
                FailureKind.UNEXPECTED,
                "copying object '" + object.name() + "' from vault '" + from.name() + "' to vault '" + to.name()
                        + "' failed: " + e.getMessage(),
                "copy it again",
                e);
    }

    private ContinuityException failure(FailureKind kind, String object, String what, String hint) {
        return new ContinuityException(
                kind,
                "cannot copy object '" + object + "' from vault '" + from.name() + "' to vault '" + to.name() + "': "
                        + what,
                hint);
    }
}
