package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Lists that a server makes of a backup's files. */
class ServerManifestTest {
    @Test
    void read_ofMoreThanFourHundredThousandFiles_whichABackupTakes_isRead() throws Exception {
        int files = 480_000;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(80 << 20);
        Writer text = new OutputStreamWriter(bytes, StandardCharsets.US_ASCII);
        text.write("{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [\n");
        for (int file = 0; file < files; file++) {
            text.write("{ \"Path\": \"base/16384/");
            text.write(Integer.toString(file));
            text.write("\", \"Size\": 3, \"Last-Modified\": \"2026-11-23 00:00:00 GMT\", ");
            text.write("\"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"00000000\" }");
            text.write(file < files - 1 ? ",\n" : "\n],\n\"WAL-Ranges\": [\n],\n");
        }
        text.flush();
        text.write("\"Manifest-Checksum\": \"%s\"}\n".formatted(MemoryVault.sha256(bytes.toByteArray())));
        text.flush();
        assertThat(bytes.size()).isGreaterThan(64 << 20);

        ServerManifest manifest = ServerManifest.read(new ByteArrayInputStream(bytes.toByteArray()));

        assertThat(manifest.names()).hasSize(files);
        assertThat(manifest.find("base/16384/479999"))
                .hasValueSatisfying(entry -> assertThat(entry.size()).isEqualTo(3));
    }

    @Test
    void read_withAnyByteChangedOrCutAway_refuses() throws Exception {
        ManifestWriter writer = new ManifestWriter();
        writer.add("PG_VERSION", "17\n".getBytes(StandardCharsets.UTF_8));
        writer.add("global/1262", new byte[10]);
        byte[] bytes = writer.finish(1, new Lsn(0x2000028), new Lsn(0x2000100));
        assertThat(read(bytes).logRanges()).hasSize(1);
        assertThat(read(bytes).names()).containsExactlyInAnyOrder("PG_VERSION", "global/1262");

        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            refused("byte %d changed".formatted(at), changed);
            if (at < bytes.length - 1) { // the end of the last line tells nothing
                refused("cut at %d".formatted(at), Arrays.copyOf(bytes, at));
            }
        }
    }

    private static void refused(String what, byte[] bytes) {
        assertThatThrownBy(() -> read(bytes))
                .as(what)
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT))
                .hasMessageContaining("manifest is damaged");
    }

    private static ServerManifest read(byte[] bytes) throws IOException {
        return ServerManifest.read(new ByteArrayInputStream(bytes));
    }
}
