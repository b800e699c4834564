package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vaults whose content means harm, or was changed between two steps. */
class HostileVaultTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Path outside;

    @BeforeEach
    void putSomethingOutside() throws Exception {
        outside = Files.writeString(directory.resolve("outside"), "precious");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "base/../../outside",
                "/tmp/outside",
                "global//1",
                "global/./1",
                "pg_tblspc/16384/PG_17_202406281/1",
                "PG_VERSION",
                "PG_VERSION/below",
                "pg_wal/000000010000000000000002",
                "line\nbreak",
                "global/no\uFFFDutf8"
            })
    void base_withAFileThatWouldLieElsewhere_refuses_andTouchesNothing(String name) throws Exception {
        refused(tar -> tar.file(name, "evil".getBytes(StandardCharsets.UTF_8), tar.manifest(), ""), "base");
    }

    @Test
    void base_withALinkOtherThanATablespaces_refuses() throws Exception {
        refused(tar -> tar.link("global/2", outside.toString()), "base");
        refused(tar -> tar.link("pg_tblspc/16385", outside.toString()), "base");
        refused(
                tar -> {
                    tar.link("pg_tblspc/16384", outside.toString());
                    tar.link("pg_tblspc/16384", outside.toString());
                },
                "base");
        refused(tar -> tar.link("pg_tblspc/../../link", outside.toString()), "base");
    }

    @Test
    void base_withALinkToATablespaceOfTheRecord_leadsToTheRestoredOne_whateverItSays() throws Exception {
        SmallBackup small = new SmallBackup(tar -> tar.link("pg_tblspc/16384", outside.toString()));

        assertThat(tablespaceOf(small)).hasSize(9_000);
    }

    @Test
    void base_ofAServerThatSendsItsListAndNoLinks_linksToTheRestoredTablespace() throws Exception {
        assertThat(tablespaceOf(new SmallBackup())).hasSize(9_000);
    }

    /** A file in the tablespace, through the link to it. */
    private byte[] tablespaceOf(SmallBackup small) throws Exception {
        PostgresRestorer restorer = restorer(small);
        Path destination = directory.resolve("linked");
        RestoreRequest request = small.request(destination);
        Source.step(restorer, "run", request, "check", Map.of());
        Source.step(restorer, "run", request, "base", Map.of());
        Path link = destination.resolve("data/pg_tblspc/16384");
        assertThat(Files.readSymbolicLink(link)).isEqualTo(destination.resolve("tablespaces/16384"));
        assertThat(destination.resolve("data/tablespace_map")).doesNotExist();
        return Files.readAllBytes(link.resolve("PG_17_202406281/1"));
    }

    @Test
    void base_whoseListOfTablespacesIsNotThatOfTheRecord_refuses() throws Exception {
        for (Optional<String> map : List.of(
                Optional.<String>empty(),
                Optional.of(""),
                Optional.of("16385 /where/it/was\n"),
                Optional.of("16384 /where/it/was\n16385 /another\n"))) {
            assertThat(refused(new SmallBackup(tar -> {}, map), "base"))
                    .contains("lists the tablespaces", "the backup's record has [16384]");
        }
        assertThat(refused(new SmallBackup(tar -> {}, Optional.of("16384 /where")), "base"))
                .contains("ends within a line");
        assertThat(refused(new SmallBackup(tar -> {}, Optional.of("x".repeat(2 << 20))), "base"))
                .contains("at most");
    }

    @Test
    void base_withADirectoryInPlaceOfTheLinkToATablespace_refuses() throws Exception {
        assertThat(refused(tar -> tar.directory("pg_tblspc/16384"), "base")).contains("it is there twice");
    }

    @ParameterizedTest
    @ValueSource(chars = {'1', '3', '4', '6', 'x', 'g', 'L', 'S'})
    void base_withAnEntryThatNoServerWrites_refuses(char type) throws Exception {
        refused(tar -> tar.header("global/3", 0, type, outside.toString()), "base");
    }

    @Test
    void base_withASizeThatWouldFillTheDisk_refusesBeforeItWrites() throws Exception {
        assertThat(refused(tar -> tar.header("global/3", 1L << 32, '0', ""), "base"))
                .contains("global/3", "more than the");
    }

    @Test
    void base_ofAnObjectThatWasSwappedAfterTheCheck_refuses() throws Exception {
        SmallBackup small = new SmallBackup();
        PostgresRestorer restorer = restorer(small);
        RestoreRequest request = small.request(directory.resolve("swapped"));
        Source.step(restorer, "run", request, "check", Map.of());
        SmallBackup other = new SmallBackup(
                tar -> tar.file("global/9", "more".getBytes(StandardCharsets.UTF_8), tar.manifest(), ""));
        small.vault.objects().putAll(other.vault.objects()); // whole in itself, and not what was planned

        Progress progress = fails(restorer, request, "base");

        assertThat(progress.failure()).contains(FailureKind.CORRUPT);
        assertThat(progress.detail()).contains("backup.json", "in vault north", "expected");
    }

    @Test
    void log_ofAPieceThatWasSwappedCutOrTakenAwayAfterTheCheck_refuses() throws Exception {
        for (Consumer<SmallBackup> harm : List.<Consumer<SmallBackup>>of(
                small -> small.vault.objects().put(last(small), small.vault.bytes(first(small))),
                small -> small.vault.objects().put(last(small), new byte[0]),
                small -> small.vault
                        .objects()
                        .put(last(small), java.util.Arrays.copyOf(small.vault.bytes(last(small)), 20)),
                small -> small.vault.objects().remove(last(small)))) {
            SmallBackup small = new SmallBackup();
            PostgresRestorer restorer = restorer(small);
            RestoreRequest request = small.request(Files.createTempDirectory(directory, "log"));
            Source.step(restorer, "run", request, "check", Map.of());
            Source.step(restorer, "run", request, "base", Map.of());
            byte[] whole = small.vault.bytes(last(small));
            harm.accept(small);

            Progress progress = fails(restorer, request, "log");

            assertThat(progress.failure()).as(progress.toString()).hasValueSatisfying(kind -> assertThat(kind)
                    .isIn(FailureKind.CORRUPT, FailureKind.NOT_FOUND));
            assertThat(progress.detail()).contains(last(small));
            small.vault.objects().put(last(small), whole);
            Source.step(restorer, "run", request, "log", Map.of());
        }
    }

    @Test
    void log_withPiecesThatCameAfterTheCheck_takesThePlannedOnes() throws Exception {
        SmallBackup small = new SmallBackup();
        PostgresRestorer restorer = restorer(small);
        RestoreRequest request = small.request(directory.resolve("more"));
        Source.step(restorer, "run", request, "check", Map.of());
        String stray = small.piece(0x2000000, 0x2100000);
        small.vault.objects().put(stray, new byte[3]);

        Source.step(restorer, "run", request, "base", Map.of());
        Source.step(restorer, "run", request, "log", Map.of());
    }

    @Test
    void log_withAHistoryInWordsThatAreNotAscii_bringsItAsItIs() throws Exception {
        SmallBackup small = new SmallBackup();
        PostgresRestorer restorer = restorer(small);
        RestoreRequest request = small.request(directory.resolve("words"));
        for (String step : List.of("check", "base", "log")) {
            Source.step(restorer, "run", request, step, Map.of());
        }

        assertThat(directory.resolve("words/log/00000002.history")).hasBinaryContent(SmallBackup.HISTORY);
        assertThat(directory.resolve("words/restore-run/files.list"))
                .content()
                .contains("00000002.history " + SmallBackup.HISTORY.length + "\n");
    }

    @Test
    void begin_ofAStepForAnotherRequestThanTheRunWasBegunFor_refuses() throws Exception {
        SmallBackup small = new SmallBackup();
        PostgresRestorer restorer = restorer(small);
        Path destination = directory.resolve("approved");
        Source.step(restorer, "run", small.request(destination), "check", Map.of());

        RestoreRequest other = small.request(destination, RecoverTo.position("0/2000200"));
        assertThatThrownBy(() -> restorer.begin("run", other, "base", Map.of()))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("begun for")
                .hasMessageContaining("the latest")
                .hasMessageContaining("position 0/2000200");
    }

    @Test
    void check_ofARecordThatLeadsElsewhere_refuses() throws Exception {
        SmallBackup small = new SmallBackup();
        var parts = com.cybernance.continuity.postgres.layout.RecordJson.readBackup(
                        small.vault.bytes(small.cluster.base(small.id) + "backup.json"))
                .objects();
        small.record(parts, "data.tar.zst");
        assertThat(fails(small, "elsewhere").detail()).contains("has tablespace 16384 in", "expected");

        small.record(
                parts.stream()
                        .filter(part -> !part.name().endsWith("backup-manifest"))
                        .toList(),
                "tablespace-16384.tar.zst");
        assertThat(fails(small, "unvouched").detail()).contains("no manifest");
        small.record(
                parts.stream()
                        .filter(part -> !part.name().endsWith("backup-manifest"))
                        .toList(),
                "tablespace-16384.tar.zst",
                BackupRecord.Method.SQL);
        assertThat(fails(small, "unvouched over SQL").detail()).contains("no manifest");
    }

    @Test
    void check_ofAVersionThatIsUnknownOrNotHere_refuses() {
        assertThat(fails(new SmallBackup().version(140_000), "old").failure()).contains(FailureKind.UNSUPPORTED);
        assertThat(fails(new SmallBackup().version(190_000), "new").failure()).contains(FailureKind.UNSUPPORTED);
        assertThat(fails(new SmallBackup().version(160_000), "absent").detail())
                .contains("programs are known of [17]", "install PostgreSQL 16");
    }

    @Test
    void check_withProgramsOfAnotherVersion_refuses() {
        SmallBackup small = new SmallBackup().version(160_000);
        PostgresRestorer restorer = SmallBackup.restorer(small.vault, new LocalRestoreDisk())
                .programs(16, PostgresBinaries.ofClassPath().programs())
                .build();

        Progress progress = fails(restorer, small.request(directory.resolve("mixed")), "check");

        assertThat(progress.failure()).contains(FailureKind.MISCONFIGURED);
        assertThat(progress.detail()).contains("expected PostgreSQL 16");
        assertThat(directory.resolve("mixed")).doesNotExist();
    }

    private Progress fails(SmallBackup small, String where) {
        Progress progress = fails(restorer(small), small.request(directory.resolve(where)), "check");
        assertThat(directory.resolve(where)).doesNotExist();
        return progress;
    }

    private static Progress fails(PostgresRestorer restorer, RestoreRequest request, String step) {
        restorer.begin("run", request, step, Map.of());
        Progress progress = Source.ended(restorer, "run", request, step);
        assertThat(progress.state()).as(progress.toString()).isEqualTo(Progress.State.FAILED);
        return progress;
    }

    /** How the step that meets it refuses; nothing is changed beside the destination. */
    private String refused(Consumer<TarWriter> evil, String step) throws Exception {
        return refused(new SmallBackup(evil), step);
    }

    private String refused(SmallBackup small, String step) throws Exception {
        PostgresRestorer restorer = restorer(small);
        Path destination = directory.resolve("destination");
        RestoreRequest request = small.request(destination);
        Source.step(restorer, "run", request, "check", Map.of());

        Progress progress = fails(restorer, request, step);

        assertThat(progress.failure()).as(progress.toString()).contains(FailureKind.CORRUPT);
        restorer.discard("run", request);
        assertThat(destination).doesNotExist();
        assertThat(outside).hasContent("precious");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(each -> Files.exists(each, LinkOption.NOFOLLOW_LINKS)))
                    .containsExactly(outside);
        }
        return progress.detail();
    }

    private static PostgresRestorer restorer(SmallBackup small) {
        return SmallBackup.restorer(small.vault, new LocalRestoreDisk()).build();
    }

    private static String first(SmallBackup small) {
        return small.cluster.log(1) + "0000000002000000-0000000002080000.wal.zst";
    }

    private static String last(SmallBackup small) {
        return small.cluster.log(1) + "0000000002080000-0000000002100000.wal.zst";
    }
}
