package com.cybernance.continuity.postgres.backup;

/**
 * How a backup is taken.
 *
 * @param level of compression
 * @param maxRate most that the server sends in KiB a second; 0 for no limit
 */
record Options(int level, long maxRate) {}
