package com.cybernance.continuity.postgres.receive;

/**
 * Whose log it is.
 *
 * @param system the cluster's system identifier in decimal
 * @param segmentSize size of a segment of its log in bytes, a power of two
 */
record Lineage(String system, int segmentSize) {}
