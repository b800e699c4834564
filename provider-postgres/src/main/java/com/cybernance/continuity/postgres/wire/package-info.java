/**
 * The replication protocol of PostgreSQL, which drivers do not speak whole: commands, copies out and streams of the log
 * on a connection that the driver opened and authenticated.
 */
@NullMarked
package com.cybernance.continuity.postgres.wire;

import org.jspecify.annotations.NullMarked;
