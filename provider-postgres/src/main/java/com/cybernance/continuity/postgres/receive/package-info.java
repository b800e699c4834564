/**
 * Receives the log of one cluster as the server writes it, keeps it on a disk of its own and ships it to vaults, as
 * {@code docs/format-postgres.md} describes them. For embedders that run {@link
 * com.cybernance.continuity.postgres.receive.LogReceiver}.
 */
@NullMarked
package com.cybernance.continuity.postgres.receive;

import org.jspecify.annotations.NullMarked;
