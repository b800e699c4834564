package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.file.Path;

/**
 * What one file of the spool holds durably: the log from {@code start} (inclusive) to {@code end} (exclusive), within
 * one segment.
 *
 * @param end equal to {@code start} while there is nothing yet
 * @param bytes the file's length up to {@code end}
 * @param growing whether more may be appended to it
 */
record Stretch(int timeline, Lsn start, Lsn end, Path file, long bytes, boolean growing) {}
