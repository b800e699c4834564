package com.cybernance.continuity.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TarParserTest {
    @Test
    void tar_isReadTheSameHoweverItIsCut() {
        Seeds.check(2_000, seeds -> {
            Map<String, byte[]> files = new TreeMap<>();
            ByteArrayOutputStream tar = new ByteArrayOutputStream();
            for (int i = seeds.between(0, 5); i > 0; i--) {
                String name = "base/5/" + "n".repeat(seeds.between(1, 80)) + i;
                byte[] content = new byte[seeds.between(0, 3) * 512 + seeds.between(0, 3)];
                Arrays.fill(content, (byte) i);
                files.put(name, content);
                entry(tar, name, content, '0');
            }
            entry(tar, "pg_wal/", new byte[0], '5');
            tar.writeBytes(new byte[1024]);

            Map<String, byte[]> read = new TreeMap<>();
            TarParser parser = new TarParser(new Collecting(read));
            byte[] bytes = tar.toByteArray();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, seeds.between(1, 1500));
                parser.feed(bytes, at, length);
                at += length;
            }
            parser.finish();
            assertThat(read.keySet()).isEqualTo(files.keySet());
            files.forEach((name, content) -> assertThat(read.get(name)).isEqualTo(content));
        });
    }

    @Test
    void tarThatIsCutOrChanged_isRefused() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        entry(tar, "PG_VERSION", "17\n".getBytes(StandardCharsets.US_ASCII), '0');
        tar.writeBytes(new byte[1024]);
        byte[] whole = tar.toByteArray();
        for (int length = 1; length < whole.length; length += 37) {
            int cut = length;
            assertThatThrownBy(() -> parse(Arrays.copyOf(whole, cut)))
                    .isInstanceOf(ContinuityException.class)
                    .hasMessageContaining("ends in the middle");
        }
        for (int at = 0; at < 512; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 4;
            int where = at;
            assertThatThrownBy(() -> parse(changed)).as("byte %d", where).isInstanceOf(ContinuityException.class);
        }
    }

    private static void parse(byte[] tar) {
        TarParser parser = new TarParser(new Collecting(new TreeMap<>()));
        parser.feed(tar, 0, tar.length);
        parser.finish();
    }

    private static void entry(ByteArrayOutputStream tar, String name, byte[] content, char type) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 124, "%011o".formatted(content.length));
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, "%06o".formatted(sum));
        header[154] = 0;
        tar.writeBytes(header);
        tar.writeBytes(content);
        tar.writeBytes(new byte[-content.length & 511]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static final class Collecting implements TarParser.Listener {
        private final Map<String, byte[]> files;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private TarEntry entry = new TarEntry(new byte[0], TarEntry.Kind.DIRECTORY, 0, new byte[0]);

        Collecting(Map<String, byte[]> files) {
            this.files = files;
        }

        @Override
        public void begin(TarEntry begun) {
            entry = begun;
            content.reset();
        }

        @Override
        public void content(byte[] bytes, int offset, int length) {
            content.write(bytes, offset, length);
        }

        @Override
        public void end() {
            if (entry.kind() == TarEntry.Kind.FILE) {
                files.put(entry.name(), content.toByteArray());
            }
        }
    }
}
