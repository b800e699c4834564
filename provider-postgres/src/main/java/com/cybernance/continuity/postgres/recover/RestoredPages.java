package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.backup.PageCheck;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks the pages of a restored cluster in its files. The server may write meanwhile, so a torn look is taken again. */
final class RestoredPages {
    private static final int LOOKS = 3;
    private static final int MOST_NAMED = 5;

    private final Path data;

    RestoredPages(Path data) {
        this.data = data;
    }

    /** Makes the server write out what it holds. */
    interface Flush {
        void run() throws SQLException;
    }

    /**
     * The pages that do not carry their checksum; empty when all do.
     *
     * @param timeLeft fails when there is none
     */
    Optional<String> wrong(Flush timeLeft, Flush flush) throws IOException, SQLException {
        List<String> suspects = files();
        if (suspects.isEmpty()) {
            throw new IOException("no relation lies in " + data);
        }
        List<String> broken = new ArrayList<>();
        for (int look = 0; look < LOOKS && !suspects.isEmpty(); look++) {
            flush.run();
            broken.clear();
            List<String> again = new ArrayList<>();
            for (String file : suspects) {
                timeLeft.run();
                List<String> found = check(file);
                if (!found.isEmpty()) {
                    broken.addAll(found);
                    again.add(file);
                }
            }
            suspects = again;
        }
        return broken.isEmpty()
                ? Optional.empty()
                : Optional.of("%d pages: %s"
                        .formatted(broken.size(), broken.subList(0, Math.min(MOST_NAMED, broken.size()))));
    }

    private List<String> check(String file) throws IOException {
        PageCheck pages = new PageCheck(new Lsn(-1L));
        pages.begin(file);
        byte[] buffer = new byte[1 << 16];
        try (InputStream content = Files.newInputStream(data.resolve(file))) {
            for (int got = content.read(buffer); got >= 0; got = content.read(buffer)) {
                pages.update(buffer, 0, got);
            }
        } catch (NoSuchFileException droppedMeanwhile) {
            return List.of();
        }
        return pages.broken();
    }

    private List<String> files() throws IOException {
        List<String> files = new ArrayList<>();
        below("global", files);
        below("base", files);
        if (Files.isDirectory(data.resolve("pg_tblspc"), LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> links = Files.list(data.resolve("pg_tblspc"))) {
                for (Path link : links.toList()) {
                    below("pg_tblspc/" + link.getFileName(), files);
                }
            }
        }
        return files;
    }

    /** Of a link to a tablespace, what it leads to. */
    private void below(String name, List<String> files) throws IOException {
        Path root = data.resolve(name).toRealPath();
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
                    .forEach(each -> files.add(name + "/" + root.relativize(each)));
        } catch (UncheckedIOException e) {
            throw new IOException("%s cannot be listed: %s".formatted(name, e.getMessage()), e);
        }
    }
}
