/**
 * Brings a cluster back from a vault and compares it with what was promised. For operators; nothing here reaches the
 * source.
 */
@NullMarked
package com.cybernance.continuity.postgres.recover;

import org.jspecify.annotations.NullMarked;
