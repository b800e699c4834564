/** Reads PostgreSQL's log: its pages, records and commits, and which commit is the last one of a moment. No I/O. */
@NullMarked
package com.cybernance.continuity.postgres.wal;

import org.jspecify.annotations.NullMarked;
