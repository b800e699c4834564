/** Takes base backups of a server through its replication protocol, or over SQL, into vaults, and checks them while they pass. */
@NullMarked
package com.cybernance.continuity.postgres.backup;

import org.jspecify.annotations.NullMarked;
