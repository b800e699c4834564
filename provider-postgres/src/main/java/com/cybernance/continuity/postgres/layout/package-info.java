/** What lies in a vault of PostgreSQL backups: names and records, as {@code docs/format-postgres.md} describes them. No I/O. */
@NullMarked
package com.cybernance.continuity.postgres.layout;

import org.jspecify.annotations.NullMarked;
