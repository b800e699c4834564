package com.cybernance.continuity.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.DelegatingDisk;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.InlineExecutor;
import com.cybernance.continuity.internal.disk.SimulatedDisk;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A disk that says no, once, at every single call. */
class VaultFaultTest {
    private static final Path ROOT = SimulatedDisk.ROOT.resolve("vault");
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));

    /** Refuses one call, after so many that work. */
    private static final class Refusing extends DelegatingDisk {
        private final boolean looks;
        private final Supplier<IOException> refusal;
        private int left;
        private @Nullable String met;

        Refusing(Disk disk, int left, boolean looks, Supplier<IOException> refusal) {
            super(disk);
            this.left = left;
            this.looks = looks;
            this.refusal = refusal;
        }

        private void call(String act, Path where) throws IOException {
            if (left-- == 0) {
                met = act + " " + where;
                throw refusal.get();
            }
        }

        @Override
        protected void before(String act, Path where) throws IOException {
            if (looks || (!act.startsWith("force") && !act.equals("delete"))) {
                call(act, where);
            }
        }

        @Override
        protected void look(String act, Path where) throws IOException {
            if (looks) {
                call(act, where);
            }
        }
    }

    /** From one call on, shows the directory that was there before the vault's file system was mounted over it. */
    private static final class Unmounting extends DelegatingDisk {
        private final Disk mounted;
        private int left;

        Unmounting(Disk mounted, int left) {
            super(mounted);
            this.mounted = mounted;
            this.left = left;
        }

        private boolean gone(Path path) {
            return left-- <= 0 && path.startsWith(ROOT);
        }

        boolean met() {
            return left < 0;
        }

        @Override
        public Handle open(Path file, Access access) throws IOException {
            if (gone(file)) {
                throw new NoSuchFileException(file.toString());
            }
            return mounted.open(file, access);
        }

        @Override
        public Kind kind(Path path) throws IOException {
            return gone(path) && !path.equals(ROOT) ? Kind.ABSENT : mounted.kind(path);
        }

        @Override
        public long size(Path file) throws IOException {
            if (gone(file)) {
                throw new NoSuchFileException(file.toString());
            }
            return mounted.size(file);
        }

        @Override
        public List<String> list(Path directory) throws IOException {
            if (gone(directory)) {
                if (directory.equals(ROOT)) {
                    return List.of();
                }
                throw new NoSuchFileException(directory.toString());
            }
            return mounted.list(directory);
        }

        @Override
        public Path real(Path path) throws IOException {
            if (gone(path) && !path.equals(ROOT)) {
                throw new NoSuchFileException(path.toString());
            }
            return mounted.real(path);
        }
    }

    /** An empty mount point looks like a vault with nothing in it, and nobody may take it for one. */
    @Test
    void fileSystemThatIsTakenAwayMeanwhile_neverLooksLikeAnEmptyVault() {
        vault(disk).initialize();
        put(vault(disk), "a");
        put(vault(disk), "b/c");
        for (Consumer<Disk> look : List.<Consumer<Disk>>of(
                over -> assertThat(names(vault(over))).containsExactly("a", "b/c"),
                over -> assertThat(vault(over).find("a")).isPresent(),
                over -> assertThat(vault(over).find("b/c")).isPresent(),
                over -> assertThat(VaultCrashSimulation.read(vault(over), "b/c"))
                        .isEqualTo(content("b/c")),
                over -> assertThat(keeper(over).holds("b/c")).isEmpty(),
                over -> assertThat(keeper(over).lockedUntil("a")).isEmpty())) {
            boolean met = true;
            int refused = 0;
            for (int at = 0; met; at++) {
                Unmounting over = new Unmounting(disk.copy(), at);
                try {
                    look.accept(over);
                } catch (ContinuityException e) {
                    assertThat(e.kind()).as("call " + at).isEqualTo(FailureKind.UNREACHABLE);
                    refused++;
                }
                met = over.met();
            }
            assertThat(refused).isPositive();
        }
    }

    private static DirectoryVault vault(Disk disk) {
        return new DirectoryVault(new VaultRoot("v", ROOT, disk, 500), () -> NOW, new InlineExecutor());
    }

    private static DirectoryVaultKeeper keeper(Disk disk) {
        return new DirectoryVaultKeeper(new VaultRoot("v", ROOT, disk, 500), () -> NOW, new InlineExecutor());
    }

    private static byte[] content(String name) {
        byte[] content = new byte[1_300];
        Arrays.fill(content, (byte) name.hashCode());
        return content;
    }

    private static Stored put(Vault vault, String name) {
        try (Vault.Draft draft = vault.create(name)) {
            draft.write(content(name), 0, 1_300);
            return draft.commit();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> names(Vault vault) {
        Set<String> names = new TreeSet<>();
        vault.list("", each -> names.add(each.name()));
        return names;
    }

    /** Does one of everything; says what was promised before something failed, and how it failed. */
    private @Nullable ContinuityException work(Disk over, Set<String> promised) {
        DirectoryVault vault = vault(over);
        DirectoryVaultKeeper keeper = keeper(over);
        try {
            vault.initialize();
            put(vault, "a/b");
            promised.add("a/b");
            put(vault, "a/c/d");
            promised.add("a/c/d");
            assertThat(names(vault)).isEqualTo(promised);
            assertThat(VaultCrashSimulation.read(vault, "a/b")).isEqualTo(content("a/b"));
            keeper.hold("a/b", "h");
            keeper.lockUntil("a/b", NOW.plusSeconds(1));
            assertThat(keeper.holds("a/b")).containsExactly("h");
            keeper.release("a/b", "h");
            promised.remove("a/c/d"); // it may be gone from now on
            keeper.delete("a/c/d");
            assertThat(vault.find("a/c/d")).isEmpty();
            return null;
        } catch (ContinuityException e) {
            return e;
        }
    }

    @Test
    void fullDisk_atAnyChange_isNamedAndNothingIsHalfDone() {
        int faults = 0;
        for (int at = 0; ; at++) {
            SimulatedDisk below = disk.copy();
            Set<String> promised = new TreeSet<>();
            Refusing full = new Refusing(below, at, false, () -> new IOException("No space left on device"));
            ContinuityException failure = work(full, promised);
            if (full.met == null) {
                break;
            }
            faults++;
            if (failure != null) {
                assertThat(failure)
                        .as("refused: " + full.met)
                        .hasMessageContaining("vault 'v' in /disk/vault: ")
                        .hasMessageContaining("No space left on device")
                        .hasMessageContaining("free space on the vault's file system");
            }
            assertGoesOn(below, promised, String.valueOf(full.met));
        }
        assertThat(faults).isGreaterThan(30);
    }

    @Test
    void anyCall_refused_isAnErrorAndNeverAbsence() {
        List<FailureKind> kinds = new ArrayList<>();
        for (int at = 0; ; at++) {
            SimulatedDisk below = disk.copy();
            Set<String> promised = new TreeSet<>();
            Refusing denying = new Refusing(below, at, true, () -> new AccessDeniedException("/disk/vault/x"));
            ContinuityException failure = work(denying, promised);
            if (denying.met == null) {
                break;
            }
            if (failure != null) {
                kinds.add(failure.kind());
                assertThat(failure).as("refused: " + denying.met).hasMessageContaining("vault 'v'");
            }
            assertGoesOn(below, promised, String.valueOf(denying.met));
        }
        assertThat(kinds).hasSizeGreaterThan(200).containsOnly(FailureKind.DENIED);
    }

    /** Without the fault everything that was promised is there, and the rest can be done. */
    private void assertGoesOn(SimulatedDisk below, Set<String> promised, String met) {
        DirectoryVault vault = vault(below);
        vault.initialize();
        Set<String> there = names(vault);
        assertThat(there).as("objects after refusing " + met).containsAll(promised);
        for (String name : there) {
            assertThat(VaultCrashSimulation.read(vault, name)).as(name).isEqualTo(content(name));
        }
        for (String name : List.of("a/b", "a/c/d", "e")) {
            if (!there.contains(name)) {
                put(vault, name);
            }
        }
        assertThat(names(vault)).as("objects in the end").containsExactly("a/b", "a/c/d", "e");
    }

    @Test
    void anyByteOfAnObject_changedOrCut_isDetected() throws IOException {
        DirectoryVault vault = vault(disk);
        vault.initialize();
        put(vault, "a/b");
        put(vault, "a/c");
        int tried = 0;
        for (String file : List.of("content", "content.sha256")) {
            Path path = ROOT.resolve("a/b").resolve(file);
            byte[] whole = disk.content(path).bytes.clone();
            for (int at = 0; at < whole.length; at++) {
                for (int bit = 0; bit < 8; bit++) {
                    byte[] flipped = whole.clone();
                    flipped[at] ^= (byte) (1 << bit);
                    assertDetected(vault, path, flipped, "bit " + bit + " of byte " + at);
                }
                assertDetected(vault, path, Arrays.copyOf(whole, at), "cut to " + at);
                tried += 9;
            }
            assertDetected(vault, path, Arrays.copyOf(whole, whole.length + 1), "one byte more");
            byte[] other = disk.content(ROOT.resolve("a/c").resolve(file)).bytes.clone();
            assertDetected(vault, path, other, "that of another object");
            disk.replace(path, whole);
        }
        assertThat(tried).isGreaterThan(10_000);
        assertThat(VaultCrashSimulation.read(vault, "a/b")).isEqualTo(content("a/b"));
    }

    private void assertDetected(DirectoryVault vault, Path path, byte[] bytes, String what) throws IOException {
        disk.replace(path, bytes);
        FailureKind kind = null;
        try {
            VaultCrashSimulation.read(vault, "a/b");
        } catch (ContinuityException e) {
            kind = e.kind();
        }
        assertThat(kind).as(path + ", " + what).isEqualTo(FailureKind.CORRUPT);
    }

    @Test
    void fileSystemThatSpellsNamesInAnotherWay_isToldFromTheObjectThatWasAskedFor() {
        Disk folding = new DelegatingDisk(disk) {
            @Override
            public Path real(Path path) throws IOException {
                return Path.of(super.real(path).toString().replace("/a/", "/A/"));
            }
        };
        vault(disk).initialize();
        put(vault(disk), "a/b");

        ContinuityException failure = null;
        try {
            vault(folding).find("a/b");
        } catch (ContinuityException e) {
            failure = e;
        }
        assertThat(failure).isNotNull().hasMessageContaining("observed that it is really /disk/vault/A/b/content");
    }

    @Test
    void diskThatKeepsOtherBytesThanItWasGiven_isFoundByReadingBack() {
        for (String file : List.of("content", "content.sha256")) {
            SimulatedDisk below = new SimulatedDisk(new Random(2));
            Disk lying = new DelegatingDisk(below) {
                @Override
                protected void force(Handle handle, Path path) throws IOException {
                    if (path.endsWith(file)) {
                        below.content(path).bytes[3] ^= 1;
                    }
                    super.force(handle, path);
                }
            };
            DirectoryVault vault = vault(lying);
            vault.initialize();

            ContinuityException failure = null;
            try {
                put(vault, "a/b");
            } catch (ContinuityException e) {
                failure = e;
            }
            assertThat(failure).isNotNull().hasMessageContaining("read back");
            assertThat(names(vault(below))).isEmpty();
        }
    }
}
