package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one vault held of one cluster when it was listed. Immutable; only reading an object asks the vault again. */
final class VaultedCluster {
    private static final String HISTORY = ".history";

    private final Vault vault;
    private final Cluster cluster;
    private final NavigableMap<String, Stored> objects;
    private final Set<Piece> passedOver;

    private VaultedCluster(Vault vault, Cluster cluster, NavigableMap<String, Stored> objects, Set<Piece> passedOver) {
        this.vault = vault;
        this.cluster = cluster;
        this.objects = objects;
        this.passedOver = passedOver;
    }

    static VaultedCluster list(Vault vault, Cluster cluster) {
        NavigableMap<String, Stored> objects = new TreeMap<>();
        vault.list(cluster.prefix(), each -> objects.put(each.name(), each));
        return new VaultedCluster(vault, cluster, objects, Set.of());
    }

    /** The same, with a piece that is not to be taken. What its index says of the server holds all the same. */
    VaultedCluster passingOver(Piece piece) {
        Set<Piece> more = new HashSet<>(passedOver);
        more.add(piece);
        return new VaultedCluster(vault, cluster, objects, more);
    }

    /** What was listed before. */
    static VaultedCluster of(Vault vault, Cluster cluster, Map<String, Stored> objects) {
        return new VaultedCluster(vault, cluster, new TreeMap<>(objects), Set.of());
    }

    Vault vault() {
        return vault;
    }

    Cluster cluster() {
        return cluster;
    }

    NavigableMap<String, Stored> objects() {
        return objects;
    }

    Optional<Stored> find(String object) {
        return Optional.ofNullable(objects.get(object));
    }

    /** The pieces of a timeline that hold something between two positions, by their start, the longest first. */
    List<Piece> pieces(int timeline, Lsn from, Lsn to) {
        List<Piece> found = new ArrayList<>();
        String prefix = cluster.log(timeline);
        for (String name : objects.subMap(prefix, prefix + "~").keySet()) {
            Piece.of(cluster, name)
                    .filter(piece -> piece.start().isBefore(to) && piece.end().isAfter(from))
                    .filter(piece -> !passedOver.contains(piece))
                    .ifPresent(found::add);
        }
        found.sort(Comparator.comparing(Piece::start).thenComparing(Piece::end, Comparator.reverseOrder()));
        return found;
    }

    /** The first position from {@code from} on that no piece holds; {@code to} when all are held. */
    Lsn heldUpTo(int timeline, Lsn from, Lsn to) {
        Lsn reached = from;
        for (Piece piece : pieces(timeline, from, to)) {
            if (piece.start().isAfter(reached)) {
                return reached;
            }
            reached = Lsn.later(reached, piece.end());
        }
        return Lsn.earlier(reached, to);
    }

    /**
     * The newest moment of which an index of this timeline says that all that the server had then lies before a position;
     * the first one found that is not before a moment suffices. An index that does not belong to the piece that is there
     * says nothing.
     */
    Optional<Instant> completeAt(int timeline, Lsn end, Instant enough) {
        String prefix = cluster.log(timeline);
        Optional<Instant> newest = Optional.empty();
        for (String name : objects.subMap(prefix, true, prefix + "~", false).descendingKeySet()) {
            if (newest.isPresent() && !newest.get().isBefore(enough)) {
                break;
            }
            Optional<Instant> at = (name.endsWith(".json") ? index(name) : Optional.<PieceIndex.Complete>empty())
                    .filter(complete -> !complete.position().isAfter(end))
                    .map(PieceIndex.Complete::at);
            newest = at.isPresent() && (newest.isEmpty() || at.get().isAfter(newest.get())) ? at : newest;
        }
        return newest;
    }

    /** What an index says of the server; empty when it says nothing, or does not belong to the piece that is there. */
    Optional<PieceIndex.Complete> index(String name) {
        PieceIndex index;
        try {
            index = RecordJson.readIndex(read(name, RecordJson.MOST_BYTES));
        } catch (ContinuityException e) {
            // A cache, which may be damaged, of a later release, or gone.
            if (e.kind() == FailureKind.CORRUPT
                    || e.kind() == FailureKind.UNSUPPORTED
                    || e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
        boolean belongs = index.piece().index(cluster).equals(name)
                && find(index.piece().object(cluster))
                        .filter(stored -> stored.sha256().equals(index.object()))
                        .isPresent();
        return belongs ? index.complete() : Optional.empty();
    }

    /** The timelines of which there is a history file. */
    NavigableSet<Integer> timelines() {
        NavigableSet<Integer> found = new TreeSet<>();
        String prefix = cluster.timelines();
        for (String name : objects.subMap(prefix, prefix + "~").keySet()) {
            String digits = name.substring(prefix.length());
            if (digits.matches("[0-7][0-9a-f]{7}\\.history")) {
                found.add(Integer.parseInt(digits.substring(0, digits.length() - HISTORY.length()), 16));
            }
        }
        return found;
    }

    /**
     * How a timeline came to be.
     *
     * @throws ContinuityException of kind {@code NOT_FOUND} when its history file is not there
     */
    TimelinePath history(int timeline) {
        if (timeline == 1) {
            return TimelinePath.first();
        }
        String name = cluster.history(timeline);
        if (find(name).isEmpty()) {
            throw new ContinuityException(
                    FailureKind.NOT_FOUND,
                    "vault %s has no %s, so nobody knows how timeline %d came to be"
                            .formatted(vault.name(), name, timeline),
                    "fetch the file from a server of that timeline, or restore from another copy");
        }
        return TimelinePath.of(timeline, read(name, 1 << 20));
    }

    /** What is recorded as lost between two positions, as words; empty when nothing is. */
    Optional<String> hole(int timeline, Lsn from, Lsn to) {
        String prefix = cluster.hole(timeline, Lsn.ZERO, Lsn.ZERO);
        String directory = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        for (String name : objects.subMap(directory, directory + "~").keySet()) {
            String range = name.substring(directory.length());
            if (range.matches("[0-9a-f]{16}-[0-9a-f]{16}\\.json")
                    && Lsn.ofHex(range.substring(0, 16)).isBefore(to)
                    && Lsn.ofHex(range.substring(17, 33)).isAfter(from)) {
                return Optional.of("a hole from %s to %s is recorded"
                        .formatted(Lsn.ofHex(range.substring(0, 16)), Lsn.ofHex(range.substring(17, 33))));
            }
        }
        return Optional.empty();
    }

    /** The record of a backup of this cluster. */
    BackupRecord backup(String id) {
        String name = cluster.base(id) + "backup.json";
        BackupRecord backup = RecordJson.readBackup(read(name, RecordJson.MOST_BYTES));
        if (!backup.id().equals(id) || !backup.system().equals(cluster.system())) {
            throw Words.corrupt("%s in vault %s is the record of backup %s of cluster %s"
                    .formatted(name, vault.name(), backup.id(), backup.system()));
        }
        return backup;
    }

    /** An object's content; who reads it to its end knows that it is what was listed. */
    InputStream open(String object) {
        Stored listed = find(object)
                .orElseThrow(() -> new ContinuityException(
                        FailureKind.NOT_FOUND,
                        "vault %s has no %s, or had none when it was listed".formatted(vault.name(), object),
                        "restore from another copy, or to a moment before what is missing"));
        return new Vouched(vault.open(object), listed, vault.name());
    }

    /** The whole of a small object. */
    byte[] read(String object, int most) {
        try (InputStream content = open(object)) {
            byte[] bytes = content.readNBytes(most + 1);
            if (bytes.length > most) {
                throw Words.corrupt("%s in vault %s is longer than %d bytes".formatted(object, vault.name(), most));
            }
            return bytes;
        } catch (IOException e) {
            throw Words.of("reading %s from vault %s".formatted(object, vault.name()), e);
        }
    }
}
