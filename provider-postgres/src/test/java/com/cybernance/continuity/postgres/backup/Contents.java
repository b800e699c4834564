package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.spi.Vault;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a backup consists of.
 *
 * @param names of all that its archives hold, each with its kind
 * @param manifest the lines of its manifest, with the sizes and without what differs from one backup to the next: a page
 *     may carry another hint
 */
record Contents(Set<String> names, Set<String> manifest) {
    private static final Pattern PATH = Pattern.compile("\"Path\": \"([^\"]*)\"");

    /** What the server writes again between two backups. */
    private static final Pattern CHANGING =
            Pattern.compile("backup_label|global/pg_control|pg_xact/.*|log/.*|pg_logical/.*");

    static Contents of(Vault vault, BackupRecord backup) throws IOException {
        Set<String> names = new TreeSet<>();
        Set<String> manifest = new TreeSet<>();
        for (BackupRecord.Part part : backup.objects()) {
            try (InputStream in = vault.open(part.name())) {
                if (part.name().endsWith(".tar.zst")) {
                    names(
                            part.name()
                                    .substring(new Cluster(backup.system())
                                            .base(backup.id())
                                            .length()),
                            in,
                            names);
                } else {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .forEach(line -> {
                                String path = PATH.matcher(line)
                                        .results()
                                        .map(m -> m.group(1))
                                        .findFirst()
                                        .orElse("");
                                if (!CHANGING.matcher(path).matches()
                                        && !line.contains("LSN")
                                        && !line.contains("Manifest-Ch")) {
                                    manifest.add(line.replaceAll(",$", "")
                                            .replaceAll("\"(?:Last-Modified|Checksum)\": \"[^\"]*\"", ""));
                                }
                            });
                }
            }
        }
        return new Contents(names, manifest);
    }

    private static void names(String archive, InputStream in, Set<String> names) throws IOException {
        TarParser tar = new TarParser(new TarParser.Listener() {
            @Override
            public void begin(TarEntry entry) {
                String name = entry.name().replaceFirst("^\\./", "").replaceFirst("/$", "");
                names.add("%s %s %s%s"
                        .formatted(
                                archive,
                                entry.kind(),
                                name,
                                entry.kind() == TarEntry.Kind.LINK
                                        ? " to " + new String(entry.to(), StandardCharsets.UTF_8)
                                        : ""));
            }

            @Override
            public void content(byte[] bytes, int offset, int length) {}

            @Override
            public void end() {}
        });
        byte[] bytes = new byte[1 << 16];
        try (ZstdInputStream unpacked = new ZstdInputStream(in)) {
            for (int got = unpacked.read(bytes); got >= 0; got = unpacked.read(bytes)) {
                tar.feed(bytes, 0, got);
            }
        }
        tar.finish();
    }
}
