package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.postgres.points.VaultedPoints;
import com.cybernance.continuity.seal.SealedVault;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.vault.DirectoryVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Two vaults in two places that the proof declares: {@code east}, as it is, and {@code west}, which is sealed. Each is a
 * directory of the run with a quota, and goes with it. For one thread at a time.
 */
final class Vaults {
    /** The vault that the disaster takes. */
    static final String EAST = "east";
    /** The vault that is sealed, and what is left then. */
    static final String WEST = "west";

    private static final int TRIES = 100;

    private final Path home;
    private final InstantSource clock;
    private final PlatformKeys keys;
    private final Map<String, Vault> vaults = new LinkedHashMap<>();

    private Vaults(Path run, InstantSource clock) throws IOException {
        this.home = Files.createDirectory(run.resolve("vaults"));
        this.clock = clock;
        this.keys = PlatformKeys.make(run);
        vaults.put(EAST, limited(EAST));
        vaults.put(WEST, SealedVault.around(limited(WEST), keys));
    }

    /** Makes both, and the keys of the sealed one. */
    static Vaults make(Path run, InstantSource clock) throws IOException {
        return new Vaults(run, clock);
    }

    private Vault limited(String name) throws IOException {
        DirectoryVault.initialize(name, directory(name));
        return QuotaVault.around(DirectoryVault.at(name, directory(name), clock), directory(name));
    }

    /** As everybody on the platform uses them, by name. */
    Map<String, Vault> all() {
        return Map.copyOf(vaults);
    }

    List<String> names() {
        return List.copyOf(vaults.keySet());
    }

    /** The sealed vault as it is opened by somebody with the recovery key and nothing of the platform. */
    Vault withRecoveryKey() {
        return SealedVault.around(DirectoryVault.at(WEST, directory(WEST), clock), keys.recovery());
    }

    /** The restore points in these vaults. */
    VaultedPoints points(ResourceId resource, String system, Map<String, Vault> which) {
        VaultedPoints.Builder points = VaultedPoints.of(resource, system);
        which.forEach((name, vault) -> {
            Place place = Place.declared(Factor.DATA_CENTRE, name, "the proof");
            if (name.equals(WEST)) {
                points.sealed(vault, place, List.of("%s or %s".formatted(keys.onlineId(), keys.recoveryId())));
            } else {
                points.vault(vault, place);
            }
        });
        return points.build();
    }

    /** The keys with which the platform restores. */
    Set<String> onlineKey() {
        return Set.of(keys.onlineId());
    }

    /** The keys with which somebody restores who has nothing of the platform. */
    Set<String> recoveryKey() {
        return Set.of(keys.recoveryId());
    }

    /** Where a vault's files are. */
    private Path directory(String vault) {
        return home.resolve(vault);
    }

    /** Destroys a vault with everything in it, at once for whoever looks; what was being written into it goes last. */
    void destroy(String vault) {
        Path lost = directory(vault).resolveSibling("lost-" + vault);
        try {
            Files.move(directory(vault), lost, StandardCopyOption.ATOMIC_MOVE);
            for (int left = TRIES; Files.exists(lost); left--) {
                remove(lost, left);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path lost, int triesLeft) throws IOException {
        try (Stream<Path> inside = Files.walk(lost)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (DirectoryNotEmptyException | UncheckedIOException stillWrittenTo) {
            if (triesLeft == 0) {
                throw stillWrittenTo;
            }
        }
    }

    /** Makes an empty vault where a destroyed one was. */
    void replace(String vault) {
        DirectoryVault.initialize(vault, directory(vault));
    }
}
