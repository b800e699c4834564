package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.Lsn;

/**
 * A tablespace that the log makes. Replay makes it at the same path, whatever lies there.
 *
 * @param start of its record
 * @param oid its number
 * @param location its path at the source; {@code ""} where it lies inside of the data directory
 */
public record MadeTablespace(Lsn start, long oid, String location) {}
