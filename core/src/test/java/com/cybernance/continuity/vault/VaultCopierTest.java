package com.cybernance.continuity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Count;
import com.cybernance.continuity.internal.disk.DelegatingDisk;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.internal.disk.InlineExecutor;
import com.cybernance.continuity.internal.disk.SimulatedDisk;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.vault.VaultCopier.Copied;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultCopierTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final List<String> SET = List.of("b/1/data", "b/1/manifest", "log/1", "b/1/backup.json");
    private static final Path FROM = SimulatedDisk.ROOT.resolve("from");
    private static final Path TO = SimulatedDisk.ROOT.resolve("to");

    private final SimulatedDisk disk = new SimulatedDisk(new Random(5));

    private static DirectoryVault vault(String name, Path root, Disk disk) {
        return new DirectoryVault(new VaultRoot(name, root, disk, 400), () -> NOW, new InlineExecutor());
    }

    private static Vault from(Disk disk) {
        return vault("onsite", FROM, disk);
    }

    private static Vault to(Disk disk) {
        return vault("offsite", TO, disk);
    }

    private static VaultCopier copier(Disk disk) {
        return VaultCopier.between(from(disk), to(disk));
    }

    private static String content(String object) {
        return object.repeat(150);
    }

    @BeforeEach
    void fillTheSource() {
        vault("onsite", FROM, disk).initialize();
        vault("offsite", TO, disk).initialize();
        SET.forEach(object -> DirectoryVaultTest.put(from(disk), object, content(object)));
    }

    private static void assertWhole(Disk disk) {
        for (String object : SET) {
            assertThat(DirectoryVaultTest.get(to(disk), object)).as(object).isEqualTo(content(object));
        }
    }

    private static ContinuityException failure(Runnable act) {
        return catchThrowableOfType(ContinuityException.class, act::run);
    }

    @Test
    void set_isCopiedOnceAndThenSkipped() {
        long bytes = SET.stream().mapToLong(object -> content(object).length()).sum();

        assertThat(copier(disk).copy(SET)).isEqualTo(new Copied(4, bytes, 0, 0));
        assertWhole(disk);
        assertThat(copier(disk).copy(SET)).isEqualTo(new Copied(0, 0, 4, bytes));
    }

    @Test
    void copy_thatPartOfWhichIsThere_copiesTheRest() {
        DirectoryVaultTest.put(to(disk), "log/1", content("log/1"));

        Copied copied = copier(disk).copy(SET);

        assertThat(copied.objects()).isEqualTo(3);
        assertThat(copied.already()).isEqualTo(1);
        assertWhole(disk);
    }

    @Test
    void anotherObjectOfTheSameName_isAnErrorThatNamesBoth() {
        DirectoryVaultTest.put(to(disk), "log/1", "other");

        assertThat(failure(() -> copier(disk).copy(SET)))
                .hasMessageContaining("cannot copy object 'log/1' from vault 'onsite' to vault 'offsite'")
                .hasMessageContaining("vault 'onsite' has 750 bytes with SHA-256 ")
                .hasMessageContaining("vault 'offsite' has 5 bytes with SHA-256 ")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CONFLICT);
        assertThat(to(disk).find("b/1/backup.json")).isEmpty();
    }

    @Test
    void rotInTheSource_isNotCopied() throws IOException {
        disk.content(FROM.resolve("log/1/content")).bytes[7] ^= 1;

        assertThat(failure(() -> copier(disk).copy(SET)).kind()).isEqualTo(FailureKind.CORRUPT);
        assertThat(to(disk).find("log/1")).isEmpty();
        assertThat(to(disk).find("b/1/backup.json")).isEmpty();
    }

    @Test
    void rotInWhatIsThereAlready_isFoundBeforeTheSetIsCompleted() throws IOException {
        DirectoryVaultTest.put(to(disk), "log/1", content("log/1"));
        disk.content(TO.resolve("log/1/content")).bytes[7] ^= 1;

        assertThat(failure(() -> copier(disk).copy(SET)))
                .hasMessageContaining("vault 'offsite'")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CORRUPT);
        assertThat(to(disk).find("b/1/backup.json")).isEmpty();
    }

    /** While names are listed, somebody commits a part whose name was passed and then its record, whose name was not. */
    @Test
    void copyAll_whileTheSourceIsWritten_neverCopiesARecordBeforeItsPart() {
        int[] tick = {0};
        Vault source = new DirectoryVault(
                new VaultRoot("onsite", FROM, disk, 400), () -> NOW.plusMillis(++tick[0]), new InlineExecutor());
        int[] written = {0};
        set(source, 0);
        List<List<String>> listings = new ArrayList<>();
        Vault written3Times = new ForwardingVault(source) {
            @Override
            public void list(String prefix, Consumer<Stored> each) {
                List<String> listing = new ArrayList<>();
                int most = Math.min(3, written[0] + 1);
                super.list(prefix, object -> {
                    listing.add(object.name());
                    each.accept(object);
                    if (object.name().startsWith("m/") && written[0] < most) {
                        set(source, ++written[0]);
                    }
                });
                listings.add(listing);
            }
        };
        Runnable whole = () -> {
            for (int number = 0; number <= written[0]; number++) {
                assertThat(to(disk).find("z/" + number).isEmpty()
                                || to(disk).find("a/" + number).isPresent())
                        .as("record %d without its part", number)
                        .isTrue();
            }
        };

        VaultCopier copier = VaultCopier.between(written3Times, to(disk)).asking(whole);
        copier.copyAll("");
        whole.run();

        assertThat(listings.get(0)).contains("z/1").doesNotContain("a/1");
        assertThat(to(disk).find("z/0")).isPresent();
        copier.copyAll("");
        whole.run();
        copier.copyAll("");
        whole.run();
        assertThat(to(disk).find("z/" + written[0])).isPresent();
    }

    /** A part, something between, and the record of both, of a size that no order by size can tell apart. */
    private static void set(Vault vault, int number) {
        for (String object : List.of("a/", "m/", "z/")) {
            DirectoryVaultTest.put(vault, object + number, "content " + number);
        }
    }

    @Test
    void objectThatTheSourceLacks_isNamed() {
        assertThat(failure(() -> copier(disk).copy(List.of("b/1/data", "none", "b/1/backup.json"))))
                .hasMessageContaining("cannot copy object 'none'")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.NOT_FOUND);
        assertThat(to(disk).find("b/1/backup.json")).isEmpty();
    }

    @Test
    void noObjectOrOneTwice_isRefused() {
        for (List<String> objects : List.of(List.<String>of(), List.of("log/1", "log/1"))) {
            assertThat(failure(() -> copier(disk).copy(objects)).kind()).isEqualTo(FailureKind.MISCONFIGURED);
        }
    }

    @Test
    void interruption_endsTheCopyAndLeavesItToBeResumed() {
        Thread.currentThread().interrupt();
        ContinuityException failure = failure(() -> copier(disk).copy(SET));
        assertThat(Thread.interrupted()).isTrue();

        assertThat(failure.kind()).isEqualTo(FailureKind.INTERRUPTED);
        assertThat(to(disk).find("b/1/backup.json")).isEmpty();
        copier(disk).copy(SET);
        assertWhole(disk);
    }

    /** After every change of the disk the power fails; then the set is complete only if it is whole, and can be resumed. */
    @Test
    void powerFailure_afterAnyChange_neverLeavesACompleteSetThatIsNotWhole() {
        int each = Count.of(200);
        long seed = Count.seeds()[Count.seeds().length - 1];
        Random random = new Random(seed);
        int[] states = {0};
        disk.witness(() -> {
            for (int i = 0; i < each; i++) {
                states[0]++;
                assertResumes(disk.afterCrash(random));
            }
        });
        copier(disk).copy(SET);
        Count.say("crash states of a copy: " + states[0] + ", seed " + seed);
        assertThat(states[0]).isGreaterThan(50 * each);
    }

    private static void assertResumes(SimulatedDisk left) {
        if (to(left).find("b/1/backup.json").isPresent()) {
            assertWhole(left);
        }
        copier(left).copy(SET);
        assertWhole(left);
        assertThat(copier(left.afterCrash(new Random(1))).copy(SET).already()).isEqualTo(4);
    }

    /** Every single call of the disk is refused once. */
    @Test
    void anyCallOfTheDisk_refused_isAnErrorOrNoHarm() {
        int refused = 0;
        boolean met = true;
        for (int at = 0; met; at++) {
            SimulatedDisk below = disk.copy();
            int[] left = {at};
            Disk refusing = new DelegatingDisk(below) {
                @Override
                protected void before(String act, Path where) throws IOException {
                    look(act, where);
                }

                @Override
                protected void look(String act, Path where) throws IOException {
                    if (left[0]-- == 0) {
                        throw new IOException("Input/output error");
                    }
                }
            };
            ContinuityException failure = failure(() -> copier(refusing).copy(SET));
            met = left[0] < 0;
            refused += failure == null ? 0 : 1;
            assertResumes(below);
        }
        assertThat(refused).isGreaterThan(200);
    }
}
