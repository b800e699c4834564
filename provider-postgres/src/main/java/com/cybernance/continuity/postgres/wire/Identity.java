package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.postgres.layout.Lsn;

/**
 * Who a server is.
 *
 * @param system the cluster's system identifier in decimal
 * @param timeline the timeline that it is on
 * @param flushed how far its log is durable there
 */
public record Identity(String system, int timeline, Lsn flushed) {}
