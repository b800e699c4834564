package com.cybernance.continuity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a directory: its layout, its marker, and what people and file systems put into it. */
class DirectoryVaultTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temporary;

    @SuppressWarnings("NullAway.Init")
    private Path root;

    @SuppressWarnings("NullAway.Init")
    private DirectoryVault vault;

    @BeforeEach
    void initialize() {
        root = temporary.resolve("vault");
        vault = DirectoryVault.initialize("offsite", root);
    }

    static Stored put(Vault vault, String object, String content) {
        try (Vault.Draft draft = vault.create(object)) {
            draft.write(content.getBytes(StandardCharsets.UTF_8));
            return draft.commit();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static String get(Vault vault, String object) {
        try (InputStream in = vault.open(object)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> names(Vault vault) {
        List<String> names = new ArrayList<>();
        vault.list("", each -> names.add(each.name()));
        return names;
    }

    private static ContinuityException failure(Runnable act) {
        return catchThrowableOfType(ContinuityException.class, act::run);
    }

    private void assertRefused(FailureKind kind, String says) {
        for (Runnable act : List.<Runnable>of(
                () -> vault.create("new/object"),
                () -> vault.open("a/b"),
                () -> vault.find("a/b"),
                () -> names(vault))) {
            assertThat(failure(act))
                    .hasMessageContaining(
                            "vault 'offsite' in " + vault.toString().replaceFirst(".* in ", ""))
                    .hasMessageContaining(says)
                    .hasMessageContaining("Hint")
                    .extracting(ContinuityException::kind)
                    .isEqualTo(kind);
        }
    }

    @Test
    void at_touchesNoFile() {
        DirectoryVault nowhere =
                DirectoryVault.at("nowhere", temporary.resolve("no").resolve("such"));

        assertThat(nowhere.name()).isEqualTo("nowhere");
        assertThat(temporary).isDirectoryNotContaining(path -> path.endsWith("no"));
    }

    @Test
    void object_isAFileThatStandardToolsCanCheck() throws IOException, InterruptedException {
        put(vault, "pg/1/base.tar", "the whole cluster");

        Path directory = root.resolve("pg/1/base.tar");
        assertThat(directory.resolve("content")).hasContent("the whole cluster");
        Process check = new ProcessBuilder("sha256sum", "--check", "--strict", "content.sha256")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("content: OK\n");
        assertThat(check.waitFor()).isZero();
        try (Stream<Path> drafts = Files.list(root.resolve(".drafts"))) {
            assertThat(drafts).isEmpty();
        }
    }

    @Test
    void names_mayBeThoseOfTheVaultsOwnFiles() {
        for (String name : List.of("content", "content.sha256/content", "a/content/content.sha256", "a/lock")) {
            put(vault, name, name);
        }

        assertThat(names(vault))
                .containsExactly("a/content/content.sha256", "a/lock", "content", "content.sha256/content");
        assertThat(get(vault, "a/content/content.sha256")).isEqualTo("a/content/content.sha256");
    }

    @Test
    void directoryWithoutMarker_isNotAnEmptyVault() throws IOException {
        put(vault, "a/b", "x");
        Path elsewhere = Files.move(root, temporary.resolve("unmounted"));
        assertRefused(FailureKind.UNREACHABLE, "observed no such directory");

        Files.createDirectory(root);
        assertRefused(FailureKind.UNREACHABLE, ".continuity-vault, observed a directory without one");
        assertThat(root).isEmptyDirectory();

        Files.delete(root);
        Files.move(elsewhere, root);
        assertThat(get(vault, "a/b")).isEqualTo("x");
    }

    @Test
    void directoryOfAnotherVault_isNamed() {
        vault = DirectoryVault.at("offsite", temporary.resolve("other"));
        DirectoryVault.initialize("onsite", temporary.resolve("other"));

        assertRefused(FailureKind.MISCONFIGURED, "says that this is vault 'onsite'");
    }

    @Test
    void directoryThatIsAFile_isNamed() throws IOException {
        vault = DirectoryVault.at("offsite", Files.createFile(temporary.resolve("file")));

        assertRefused(FailureKind.MISCONFIGURED, "expected a directory, observed a file");
    }

    @Test
    void anyByteOfTheMarker_changed_isDetected() throws IOException {
        Path marker = root.resolve(".continuity-vault");
        byte[] whole = Files.readAllBytes(marker);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            Files.write(marker, flipped);
            assertThat(failure(() -> vault.find("a")))
                    .as("flip at " + at)
                    .isNotNull()
                    .extracting(ContinuityException::kind)
                    .isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void initialize_ofTheSameVault_changesNothing() {
        put(vault, "a", "x");

        assertThat(get(DirectoryVault.initialize("offsite", root), "a")).isEqualTo("x");
        assertThat(failure(() -> DirectoryVault.initialize("other", root)))
                .hasMessageContaining("it is vault 'offsite' already")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CONFLICT);
    }

    @Test
    void initialize_ofADirectoryThatHoldsSomething_isRefused() throws IOException {
        Path used = Files.createDirectory(temporary.resolve("used"));
        Files.createDirectory(used.resolve("lost+found"));
        Path photo = Files.writeString(used.resolve("photo.jpg"), "x");

        assertThat(failure(() -> DirectoryVault.initialize("v", used)))
                .hasMessageContaining("observed 'photo.jpg' in it")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.MISCONFIGURED);
        Files.delete(photo);
        put(DirectoryVault.initialize("v", used), "a", "x");
        assertThat(names(DirectoryVault.at("v", used))).containsExactly("a");
    }

    @Test
    void initialize_withoutAParent_isRefused() {
        assertThat(failure(() -> DirectoryVault.initialize("v", temporary.resolve("no/such"))))
                .hasMessageContaining("check that its file system is mounted")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.MISCONFIGURED);
    }

    @Test
    void linkThatLeadsOutside_isRefused() throws IOException {
        put(vault, "a/b", "inside");
        Path outside = Files.move(root.resolve("a/b"), temporary.resolve("outside"));
        Files.createSymbolicLink(root.resolve("a/b"), outside);

        assertCorrupt("a/b", "that it is really " + outside.toRealPath());
        Files.delete(root.resolve("a/b"));
        Files.move(root.resolve("a"), temporary.resolve("all"));
        Files.createSymbolicLink(root.resolve("a"), temporary.resolve("all"));
        assertThat(failure(() -> put(vault, "a/new", "x"))).hasMessageContaining("really");
        assertThat(failure(() -> names(vault))).hasMessageContaining("really");
        assertThat(temporary.resolve("all")).isDirectoryNotContaining(path -> path.endsWith("new"));
    }

    @Test
    void linkToNothing_isNotAbsence() throws IOException {
        Files.createSymbolicLink(root.resolve("a"), temporary.resolve("gone"));

        assertThat(failure(() -> vault.find("a"))).hasMessageContaining("a symbolic link to nothing");
        assertThat(failure(() -> names(vault))).hasMessageContaining("a symbolic link to nothing");
    }

    @Test
    void objectThatLostAFile_isCorruptAndNotAbsent() throws IOException {
        put(vault, "a/b", "x");
        Files.delete(root.resolve("a/b/content"));
        assertCorrupt("a/b", "content");

        put(vault, "a/c", "x");
        Files.delete(root.resolve("a/b/content.sha256"));
        assertCorrupt("a/b", "content.sha256");
    }

    @Test
    void objectUnderAnotherName_isCorrupt() throws IOException {
        put(vault, "a/b", "x");
        Files.move(root.resolve("a/b"), root.resolve("a/c"));

        assertCorrupt("a/c", "its record says that it is 'a/b'");
    }

    private void assertCorrupt(String object, String says) {
        for (Runnable act : List.<Runnable>of(() -> vault.find(object), () -> vault.open(object), () -> names(vault))) {
            assertThat(failure(act))
                    .hasMessageContaining(says)
                    .extracting(ContinuityException::kind)
                    .isEqualTo(FailureKind.CORRUPT);
        }
    }

    @Test
    void whatNoVaultWrites_isNotPassedOver() throws IOException {
        put(vault, "a/b", "x");
        Files.move(root.resolve("a"), root.resolve("A"));

        assertThat(failure(() -> names(vault)))
                .hasMessageContaining(root.resolve("A") + ", which no vault writes")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.CORRUPT);
        Files.move(root.resolve("A"), root.resolve("a"));
        Files.createFile(root.resolve("a/.nfs0001"));
        assertThat(names(vault)).containsExactly("a/b");
    }

    @Test
    void keepers_workOneAfterTheOther() throws IOException {
        put(vault, "a", "x");
        DirectoryVaultKeeper keeper = DirectoryVaultKeeper.at("offsite", root);

        try (Closeable other = KeptObject.lock(DirectoryVault.root("offsite", root))) {
            assertThat(other).isNotNull();
            for (Runnable act : List.<Runnable>of(() -> keeper.hold("a", "h"), () -> keeper.delete("a"))) {
                assertThat(failure(act))
                        .hasMessageContaining("another keeper is at work in it")
                        .extracting(ContinuityException::kind)
                        .isEqualTo(FailureKind.CONFLICT);
            }
        }
        keeper.hold("a", "h");
        assertThat(root.resolve("a/hold.h")).isEmptyFile();
        assertThat(keeper.holds("a")).containsExactly("h");
    }

    @Test
    void recordOfANewerFormat_isSaid() throws IOException {
        put(vault, "a", "x");
        Path record = root.resolve("a/content.sha256");
        List<String> lines = new ArrayList<>(Files.readAllLines(record));
        lines.remove(lines.size() - 1);
        lines.set(0, lines.get(0).replace("format 1", "format 2"));
        Files.write(record, CheckedText.of(lines));

        assertThat(failure(() -> vault.find("a")))
                .hasMessageContaining("has format version 2, which this release cannot read")
                .extracting(ContinuityException::kind)
                .isEqualTo(FailureKind.UNSUPPORTED);
    }

    @Test
    void draftOfADeadProcess_isRemovedAndALiveOneIsNot() throws IOException {
        Vault.Draft live = vault.create("live");
        live.write(1);
        Path drafts = root.resolve(".drafts");
        Path left;
        try (Stream<Path> each = Files.list(drafts)) {
            left = each.findFirst().orElseThrow();
        }
        String name = String.valueOf(left.getFileName());
        Path dead = Files.createDirectory(
                drafts.resolve(name.substring(0, name.length() - 36) + "00000000-0000-0000-0000-000000000000"));
        Files.createFile(dead.resolve("lock"));
        Files.writeString(Files.createDirectory(dead.resolve("object")).resolve("content"), "half of it");
        Path elsewhere = Files.createDirectory(drafts.resolve("h2.00000000-0000-0000-0000-000000000000"));

        put(DirectoryVault.at("offsite", root), "another", "x");

        assertThat(dead).doesNotExist();
        assertThat(elsewhere).exists();
        assertThat(left.resolve("object/content")).exists();
        live.commit();
        assertThat(left).doesNotExist();
        assertThat(names(vault)).containsExactly("another", "live");
    }
}
